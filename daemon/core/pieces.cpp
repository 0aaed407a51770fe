#include "core/pieces.h"

#include <charconv>
#include <optional>

namespace assistd::core {
namespace {

std::optional<std::int64_t> number_in(std::string_view word) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
    if (error != std::errc() || end != word.data() + word.size() || number < 0) return std::nullopt;
    return number;
}

// The first word, which is taken off.
std::string_view take_word(std::string_view& words) {
    const std::string_view word = words.substr(0, words.find(' '));
    words.remove_prefix(std::min(words.size(), word.size() + 1));
    return word;
}

}  // namespace

void PieceList::add(std::int64_t event_id, std::size_t bytes) {
    if (text_.empty())
        text_ = std::to_string(event_id);
    else if (event_id != next_id_)
        text_ += " +" + std::to_string(event_id - next_id_);
    text_ += " " + std::to_string(bytes);
    next_id_ = event_id + 1;
}

std::vector<Piece> pieces_of(std::string_view text, std::string_view pieces) {
    std::vector<Piece> found;
    std::optional<std::int64_t> id = number_in(take_word(pieces));
    while (id && !pieces.empty()) {
        std::string_view word = take_word(pieces);
        const bool is_gap = word.starts_with('+');
        if (is_gap) word.remove_prefix(1);
        const std::optional<std::int64_t> number = number_in(word);
        if (!number) return {};
        if (is_gap) {
            *id += *number;
            continue;
        }
        const auto bytes = static_cast<std::size_t>(*number);
        if (bytes > text.size()) return {};
        found.push_back({(*id)++, text.substr(0, bytes)});
        text.remove_prefix(bytes);
    }
    return text.empty() ? found : std::vector<Piece>{};
}

}  // namespace assistd::core
