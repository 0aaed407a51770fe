#include "base/time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace assistd {

Timestamp now() {
    return std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
}

std::string to_iso8601(Timestamp time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    const std::time_t whole = std::chrono::system_clock::to_time_t(seconds);
    std::tm parts{};
    gmtime_r(&whole, &parts);
    std::array<char, 64> text{};
    const int length = std::snprintf(text.data(), text.size(), "%04d-%02d-%02dT%02d:%02d:%02d.%06ldZ",
                                     parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                                     parts.tm_min, parts.tm_sec, static_cast<long>((time - seconds).count()));
    return {text.data(), static_cast<std::size_t>(length)};
}

std::optional<Timestamp> parse_iso8601(std::string_view text) {
    const std::string copy(text);
    std::tm parts{};
    long micros = 0;
    int used = 0;
    const int fields =
        std::sscanf(copy.c_str(), "%4d-%2d-%2dT%2d:%2d:%2d.%6ldZ%n", &parts.tm_year, &parts.tm_mon,
                    &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &micros, &used);
    if (fields != 7 || used != static_cast<int>(copy.size())) return std::nullopt;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return Timestamp(std::chrono::seconds(timegm(&parts))) + std::chrono::microseconds(micros);
}

std::string to_iso8601(std::chrono::sys_days day) {
    return to_iso8601(Timestamp(day)).substr(0, 10);
}

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
    constexpr std::string_view form = "dddd-dd-dd";
    if (text.size() != form.size()) return std::nullopt;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool is_digit = text[i] >= '0' && text[i] <= '9';
        if (form[i] == 'd' ? !is_digit : text[i] != form[i]) return std::nullopt;
    }
    const auto number = [&](std::size_t at, std::size_t digits) {
        return std::stoi(std::string(text.substr(at, digits)));
    };
    const std::chrono::year_month_day day{std::chrono::year(number(0, 4)),
                                          std::chrono::month(static_cast<unsigned>(number(5, 2))),
                                          std::chrono::day(static_cast<unsigned>(number(8, 2)))};
    if (!day.ok()) return std::nullopt;
    return std::chrono::sys_days(day);
}

}  // namespace assistd
