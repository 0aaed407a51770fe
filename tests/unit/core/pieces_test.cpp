#include "core/pieces.h"

namespace assistd::core {
namespace {

std::string joined(const std::vector<Piece>& pieces) {
    std::string all;
    for (const Piece& piece : pieces)
        all += std::to_string(piece.event_id) + ":" + std::string(piece.text) + " ";
    return all;
}

std::string told(std::string_view text, std::string_view pieces) {
    return joined(pieces_of(text, pieces));
}

TEST(Pieces, AreFoundAgainUnderTheirIds) {
    PieceList list;
    list.add_text(7, 5);
    list.add_text(8, 3);
    list.add_text(10, 4);
    EXPECT_EQ(list.text(), "7 5 3 +1 4");
    EXPECT_EQ(told("Hello, world", list.text()), "7:Hello 8:, w 10:orld ");
}

TEST(Pieces, WhatDoesNotDescribeTheTextGivesNone) {
    for (const char* wrong : {"", "7", "7 5", "7 13", "7 5 x", "7 5 -7", "7 12 1", "x 12", "7  12", "+1 12"})
        EXPECT_EQ(told("Hello, world", wrong), "") << wrong;
}

TEST(Pieces, ThoughtsAreFoundAgainBesideTheText) {
    PieceList list;
    list.add_thought(3, 4);
    list.add_thought(4, 2);
    list.add_text(5, 5);
    list.add_thought(6, 1);
    EXPECT_EQ(list.text(), "5 5;3 4 2 +1 1");
    EXPECT_EQ(told("Hello", list.text()), "5:Hello ");
    EXPECT_EQ(joined(thought_pieces_of("Hm, so.", list.text())), "3:Hm,  4:so 6:. ");
    PieceList thoughts;
    thoughts.add_thought(3, 2);
    EXPECT_EQ(joined(thought_pieces_of("Hm", thoughts.text())), "3:Hm ");
    EXPECT_EQ(told("Hello", thoughts.text()), "");
}

// An attempt that came to nothing may have told thoughts of its own.
TEST(Pieces, ThoughtsThatWereToldOtherwiseAreToldAtOnce) {
    EXPECT_EQ(joined(thought_pieces_of("Only this.", "9 5;3 4 2 10")), "3:Only this. ");
    EXPECT_EQ(joined(thought_pieces_of("Untold.", "9 5")), "");
    EXPECT_EQ(joined(thought_pieces_of("", "9 5;3 4")), "");
    EXPECT_EQ(joined(thought_pieces_of("Damaged.", "9 5;x 4")), "");
}

}  // namespace
}  // namespace assistd::core
