#pragma once
// How a call fails: what handlers throw. assistd/plugin.hpp turns each into the call's outcome.

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assistd/plugin.h"

namespace assistd {

using Json = nlohmann::json;

namespace detail {
inline assistd_string to_c(std::string_view text) {
    return {text.data(), text.size()};
}
inline std::string_view from_c(assistd_string text) {
    return {text.data, text.size};
}
}  // namespace detail

// The call fails for a reason that its caller should read. `type` is one of the names in plugin.h
// (emit_error).
class Failure : public std::runtime_error {
  public:
    Failure(std::string type, const std::string& message, Json details = nullptr, bool recoverable = true)
        : std::runtime_error(message),
          type_(std::move(type)),
          details_(std::move(details)),
          recoverable_(recoverable) {}

    const std::string& type() const { return type_; }
    const Json& details() const { return details_; }
    bool recoverable() const { return recoverable_; }

  private:
    std::string type_;
    Json details_;
    bool recoverable_;
};

// One wrong argument: `field` is its path ("grid.sizes[2]"), `message` a sentence that names it and its
// bound.
struct WrongArgument {
    std::string field;
    std::string message;
};

inline Failure invalid_arguments(const std::vector<WrongArgument>& errors) {
    std::string message;
    Json list = Json::array();
    for (const WrongArgument& error : errors) {
        message += (message.empty() ? "" : " ") + error.message;
        list.push_back({{"field", error.field}, {"message", error.message}});
    }
    return {"ValidationError", message, Json{{"errors", std::move(list)}}};
}

// For what a schema cannot say.
inline Failure invalid_argument(const std::string& field, const std::string& sentence) {
    return invalid_arguments({{field, sentence}});
}

// Thrown by Call::check_cancelled and everything that looks for it.
class Cancelled : public std::runtime_error {
  public:
    Cancelled() : std::runtime_error("The call was cancelled.") {}
};

}  // namespace assistd
