#include "cli/characters.h"

#include <locale.h>
#include <wchar.h>

#include <algorithm>

namespace assistd::cli {
namespace {

// How wide a character is stands in the C library's tables, and those of the user's own locale may be
// ASCII's.
class Utf8Locale {
  public:
    Utf8Locale() : own_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
        if (own_) before_ = ::uselocale(own_);
    }
    ~Utf8Locale() {
        if (!own_) return;
        ::uselocale(before_);
        ::freelocale(own_);
    }
    Utf8Locale(const Utf8Locale&) = delete;
    Utf8Locale& operator=(const Utf8Locale&) = delete;

  private:
    locale_t own_;
    locale_t before_ = nullptr;
};

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

std::vector<Character> wide_characters(std::string_view text) {
    const Utf8Locale locale;
    std::vector<Character> all;
    mbstate_t state{};
    while (!text.empty()) {
        wchar_t decoded = 0;
        std::size_t size = ::mbrtowc(&decoded, text.data(), text.size(), &state);
        int columns = 1;
        if (size == 0 || size > text.size()) {
            size = 1;
            state = {};
        } else {
            columns = ::wcwidth(decoded);
            if (columns < 0) columns = 1;  // a control character
        }
        if (columns == 0 && !all.empty())
            all.back().bytes = {all.back().bytes.data(), all.back().bytes.size() + size};
        else
            all.push_back({text.substr(0, size), static_cast<std::size_t>(columns)});
        text.remove_prefix(size);
    }
    return all;
}

}  // namespace

std::vector<Character> characters(std::string_view text) {
    if (!is_ascii(text)) return wide_characters(text);
    std::vector<Character> all;
    all.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) all.push_back({text.substr(i, 1), 1});
    return all;
}

std::size_t width(std::string_view text) {
    if (is_ascii(text)) return text.size();
    std::size_t columns = 0;
    for (const Character& character : wide_characters(text)) columns += character.columns;
    return columns;
}

std::string_view beginning(std::string_view text, std::size_t columns) {
    std::size_t end = 0;
    for (const Character& character : characters(text)) {
        if (character.columns > columns) break;
        columns -= character.columns;
        end += character.bytes.size();
    }
    return text.substr(0, end);
}

}  // namespace assistd::cli
