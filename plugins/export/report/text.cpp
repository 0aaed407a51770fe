#include "report/text.h"

#include <algorithm>
#include <assistd/uncertain_number.hpp>
#include <cmath>
#include <cstdio>

namespace assistd::exporting {
namespace {

std::string with_real_minus(const std::string& number) {
    const std::size_t at = number.starts_with('(') ? 1 : 0;
    return number.substr(at).starts_with('-') ? std::string(number).replace(at, 1, "\u2212") : number;
}

// A whole number as it is; others have four significant digits.
std::string given_text(double value) {
    if (std::trunc(value) == value && std::abs(value) < 1e7) {
        char text[32];
        std::snprintf(text, sizeof text, "%.0f", value);
        return with_real_minus(text);
    }
    return with_real_minus(with_error(value, 0));
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
    runs_.push_back({Run::Kind::number, "", false, Run::Script::none, value, error, Run::Form::sentence});
    return *this;
}

Text& Text::cell(double value, double error) {
    number(value, error);
    runs_.back().form = Run::Form::cell;
    return *this;
}

Text& Text::given(double value) {
    number(value);
    runs_.back().form = Run::Form::given;
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

std::string number_text(const Run& run, ErrorStyle style) {
    if (run.form == Run::Form::given) return given_text(run.value);
    const UncertainNumber number = uncertain_number(run.value, run.error);
    const std::string power = number.power == 0 ? "" : "e" + std::to_string(number.power);
    const std::string told = with_real_minus(number.value);
    // The digits that are there are all certain.
    if (number.negligible && (run.form == Run::Form::cell || style == ErrorStyle::parentheses))
        return told + power;
    if (number.error.empty() || style == ErrorStyle::plus_minus)
        return with_real_minus(with_error(run.value, run.error));
    // In units of the last digit; whole numbers have their error in full.
    const double last = std::round(std::stod(number.error) * std::pow(10, number.decimals));
    char digits[32];
    std::snprintf(digits, sizeof digits, "(%.0f)", last);
    return told + digits + power;
}

std::size_t length_of(const Text& text) {
    std::size_t length = 0;
    for (const Run& run : text.runs()) {
        const std::string words = run.kind == Run::Kind::number ? number_text(run) : run.text;
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
