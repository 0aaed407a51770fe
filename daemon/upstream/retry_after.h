#pragma once
// How long a model server wants to be left alone, as its reply's headers say it. One for each reply.
//
// In the order in which they are believed: Retry-After-Ms, Retry-After (seconds or an HTTP date), and
// OpenAI's X-RateLimit-Reset-Requests and -Tokens ("6m0s") where the allowance beside it,
// X-RateLimit-Remaining-…, is used up.

#include <chrono>
#include <optional>
#include <string_view>

namespace assistd {

class RetryAfter {
  public:
    // `name` in small letters; headers that say nothing of this are passed over.
    void take(std::string_view name, std::string_view value);
    // At most a day.
    std::optional<std::chrono::milliseconds> wait() const;

  private:
    struct Allowance {
        bool used_up = false;
        std::optional<std::chrono::milliseconds> reset;
    };

    std::optional<std::chrono::milliseconds> exact_;
    std::optional<std::chrono::milliseconds> plain_;
    Allowance requests_;
    Allowance tokens_;
};

// "1s", "6m0s", "1h2m3.5s", "800ms"; nothing for another text.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

}  // namespace assistd
