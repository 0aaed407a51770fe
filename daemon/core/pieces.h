#pragma once
// The pieces in which a reply's text was told, so that its events can be told again under the same ids. As
// text: the first piece's event id, then each piece's bytes, with "+n" where n ids lie between two pieces:
// "7 5 3 +1 12". The pieces of what was thought stand behind a semicolon: "12 4 4;3 5 6". Value type; a
// turn's strand.

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
    void add_text(std::int64_t event_id, std::size_t bytes) { text_.add(event_id, bytes); }
    void add_thought(std::int64_t event_id, std::size_t bytes) { thoughts_.add(event_id, bytes); }
    std::string text() const;

  private:
    struct Run {
        void add(std::int64_t event_id, std::size_t bytes);
        std::string text;
        std::int64_t next_id = 0;
    };
    Run text_;
    Run thoughts_;
};

// The pieces of `text`; empty when `pieces` does not describe it.
std::vector<Piece> pieces_of(std::string_view text, std::string_view pieces);
// The pieces of `thoughts`. Where `pieces` does not describe them, since others were told as well, they are
// one piece with the id of the first that was told; none when none was told.
std::vector<Piece> thought_pieces_of(std::string_view thoughts, std::string_view pieces);

}  // namespace assistd::core
