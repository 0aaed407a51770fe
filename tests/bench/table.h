#pragma once
// How the benchmark's figures are set for people: what, measured, goal, reached. One thread.

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace assistd::bench {

class Table {
  public:
    void row(std::string_view what, const std::string& measured, const std::string& goal = "",
             bool reached = true) {
        text_ += fmt::format("{:<60}{:>16}   {:<16}{}\n", what, measured, goal,
                             goal.empty() ? ""
                             : reached    ? "yes"
                                          : "NO");
    }
    void title(std::string_view text) { text_ += fmt::format("\n{}\n", text); }
    const std::string& text() const { return text_; }

  private:
    std::string text_;
};

inline std::string rate(double value) {
    return fmt::format("{:.0f} /s", value);
}
inline std::string ms(double value) {
    return fmt::format("{:.2f} ms", value);
}
inline std::string us(double value) {
    return fmt::format("{:.0f} us", value);
}
inline std::string mb(double value) {
    return fmt::format("{:.1f} MB", value);
}
inline std::string times(double value) {
    return fmt::format("{:.2f} times", value);
}

}  // namespace assistd::bench
