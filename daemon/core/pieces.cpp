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

std::vector<Piece> pieces_in(std::string_view text, std::string_view pieces) {
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

}  // namespace

void PieceList::Run::add(std::int64_t event_id, std::size_t bytes) {
    if (text.empty())
        text = std::to_string(event_id);
    else if (event_id != next_id)
        text += " +" + std::to_string(event_id - next_id);
    text += " " + std::to_string(bytes);
    next_id = event_id + 1;
}

std::string PieceList::text() const {
    return thoughts_.text.empty() ? text_.text : text_.text + ";" + thoughts_.text;
}

std::vector<Piece> pieces_of(std::string_view text, std::string_view pieces) {
    return pieces_in(text, pieces.substr(0, pieces.find(';')));
}

std::vector<Piece> thought_pieces_of(std::string_view thoughts, std::string_view pieces) {
    const std::size_t behind = pieces.find(';');
    if (behind == std::string_view::npos || thoughts.empty()) return {};
    pieces.remove_prefix(behind + 1);
    std::vector<Piece> found = pieces_in(thoughts, pieces);
    if (!found.empty()) return found;
    const std::optional<std::int64_t> first = number_in(take_word(pieces));
    return first ? std::vector<Piece>{{*first, thoughts}} : std::vector<Piece>{};
}

}  // namespace assistd::core
