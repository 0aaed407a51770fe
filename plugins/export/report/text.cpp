#include "report/text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace assistd::exporting {
namespace {

std::string digits(double value, int decimals) {
    char text[400];
    std::snprintf(text, sizeof text, "%.*f", decimals, std::abs(value));
    return text;
}

// The place of the second digit of an error: 3 for 0.0123, -1 for 123. Rounding may move it: 0.0996 is 0.10.
int place_of(double error) {
    const int place = 1 - static_cast<int>(std::floor(std::log10(error)));
    const double rounded = std::round(error * std::pow(10, place));
    return rounded >= 100 ? place - 1 : place;
}

std::string significant(double value) {
    const double size = std::abs(value);
    if (size != 0 && (size >= 1e7 || size < 1e-4)) {
        char text[32];
        std::snprintf(text, sizeof text, "%.3e", size);
        return text;
    }
    if (std::trunc(value) == value) return digits(value, 0);
    return digits(value, std::clamp(3 - static_cast<int>(std::floor(std::log10(size))), 0, 7));
}

}  // namespace

Text& Text::operator<<(const char* markup) {
    Run now;
    const auto begin = [&](bool italic, Run::Script script) {
        if (!now.text.empty()) runs_.push_back(now);
        now.text.clear();
        now.italic = italic;
        now.script = script;
    };
    for (const char* at = markup; *at != '\0'; ++at) {
        if (*at == '*')
            begin(!now.italic, now.script);
        else if ((*at == '_' || *at == '^') && at[1] == '{')
            begin(now.italic, *at++ == '_' ? Run::Script::below : Run::Script::above);
        else if (*at == '}' && now.script != Run::Script::none)
            begin(now.italic, Run::Script::none);
        else
            now.text += *at;
    }
    begin(false, Run::Script::none);
    return *this;
}

Text& Text::operator<<(const Text& more) {
    runs_.insert(runs_.end(), more.runs_.begin(), more.runs_.end());
    return *this;
}

Text& Text::operator<<(const std::string& words) {
    if (!words.empty()) runs_.push_back({Run::Kind::text, words});
    return *this;
}

Text& Text::number(double value, double error) {
    runs_.push_back({Run::Kind::number, "", false, Run::Script::none, value, error});
    return *this;
}

Text& Text::cite(const std::string& key) {
    runs_.push_back({Run::Kind::citation, key});
    return *this;
}

Text& Text::refer(const std::string& id) {
    runs_.push_back({Run::Kind::reference, id});
    return *this;
}

std::string number_text(double value, double error, ErrorStyle style) {
    if (!std::isfinite(value)) return "\u2013";
    const std::string sign = value < 0 ? "\u2212" : "";
    // An error that is rounding alone is none.
    if (!(error > std::abs(value) * 1e-9) || !std::isfinite(error)) return sign + significant(value);
    // Very small and very large ones with a power of ten behind them.
    const double size = std::max(std::abs(value), error);
    const int power = size < 1e-4 || size >= 1e7 ? static_cast<int>(std::floor(std::log10(size))) : 0;
    const std::string exponent = power == 0 ? "" : "e" + std::to_string(power);
    const double mantissa = value / std::pow(10, power), uncertain = error / std::pow(10, power);
    // Two digits of the error, and the value to the same place.
    const int place = place_of(uncertain), decimals = std::clamp(place, 0, 12);
    const auto rounded = [place](double number) {
        if (place >= 0) return number;
        const double unit = std::pow(10, -place);
        return std::round(number / unit) * unit;
    };
    if (style == ErrorStyle::plus_minus) {
        const std::string both =
            sign + digits(rounded(mantissa), decimals) + " \u00b1 " + digits(rounded(uncertain), decimals);
        return exponent.empty() ? both : "(" + both + ")" + exponent;
    }
    // In units of the last digit; whole numbers have their error in full.
    const double last = std::round(rounded(uncertain) * std::pow(10, decimals));
    return sign + digits(rounded(mantissa), decimals) + "(" + digits(last, 0) + ")" + exponent;
}

std::size_t length_of(const Text& text) {
    std::size_t length = 0;
    for (const Run& run : text.runs()) {
        const std::string words =
            run.kind == Run::Kind::number ? number_text(run.value, run.error) : run.text;
        length += static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [](char c) {
            return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        }));
    }
    return length;
}

std::string one_line(std::string text, std::size_t most) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' ' || c == 127; }, ' ');
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0) == 0x80) --most;
    return text.substr(0, most) + "\u2026";
}

}  // namespace assistd::exporting
