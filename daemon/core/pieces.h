#pragma once
// The pieces in which a reply's text was told, so that its events can be told again under the same ids. As
// text: the first piece's event id, then each piece's bytes, with "+n" where n ids lie between two pieces:
// "7 5 3 +1 12". Value type; a turn's strand.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::core {

struct Piece {
    std::int64_t event_id = 0;
    std::string_view text;
};

class PieceList {
  public:
    void add(std::int64_t event_id, std::size_t bytes);
    const std::string& text() const { return text_; }

  private:
    std::string text_;
    std::int64_t next_id_ = 0;
};

// The pieces of `text`; empty when `pieces` does not describe it.
std::vector<Piece> pieces_of(std::string_view text, std::string_view pieces);

}  // namespace assistd::core
