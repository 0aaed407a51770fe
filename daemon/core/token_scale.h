#pragma once
// How many tokens a model counts for each token that tokens.h estimates. Learnt anew from every report, so
// what was reported for the prefix stands, and only what is new is estimated. A value.

#include <cmath>
#include <cstdint>

namespace assistd::core {

class TokenScale {
  public:
    // As the model will count them.
    std::int64_t counted(std::int64_t estimated) const {
        return static_cast<std::int64_t>(std::llround(factor_ * static_cast<double>(estimated)));
    }
    // How many estimated tokens have room in so many counted ones; below zero there is none.
    std::int64_t estimated(std::int64_t counted) const {
        return static_cast<std::int64_t>(std::floor(static_cast<double>(counted) / factor_));
    }

    // A prompt that was estimated so was counted so. What no tokenizer can have counted is not believed:
    // some servers leave out what they had cached.
    void learn(std::int64_t estimated, std::int64_t counted) {
        if (estimated <= 0 || counted <= 0) return;
        const double factor = static_cast<double>(counted) / static_cast<double>(estimated);
        if (factor >= 0.25 && factor <= 4) factor_ = factor;
    }

  private:
    double factor_ = 1;
};

}  // namespace assistd::core
