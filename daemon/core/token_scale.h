#pragma once
// How a model counts what tokens.h estimates. Learnt anew from every report: what was reported for a prompt
// stands, and only what came to it since is estimated, corrected by how the prompt had been. A value.

#include <cmath>
#include <cstdint>

namespace assistd::core {

class TokenScale {
  public:
    // As the model will count so many estimated tokens.
    std::int64_t counted(std::int64_t estimated) const {
        const auto tokens = static_cast<double>(estimated);
        return std::llround(tokens < estimated_ ? tokens * counted_ / estimated_
                                                : counted_ + slope() * (tokens - estimated_));
    }
    // How many estimated tokens have room in so many counted ones; below zero there is none.
    std::int64_t estimated(std::int64_t counted) const {
        const auto tokens = static_cast<double>(counted);
        return static_cast<std::int64_t>(std::floor(
            tokens < counted_ ? tokens * estimated_ / counted_ : estimated_ + (tokens - counted_) / slope()));
    }

    // A prompt that was estimated so was counted so. What no tokenizer can have counted is not believed:
    // some servers leave out what they had cached.
    void learn(std::int64_t estimated, std::int64_t counted) {
        if (estimated <= 0 || counted < estimated / 4 || counted > estimated * 4) return;
        estimated_ = static_cast<double>(estimated);
        counted_ = static_cast<double>(counted);
    }

  private:
    // A short prompt says little of the text that comes after it.
    double slope() const { return (counted_ + prior) / (estimated_ + prior); }

    static constexpr double prior = 300;

    double estimated_ = 0;  // the last report
    double counted_ = 0;
};

}  // namespace assistd::core
