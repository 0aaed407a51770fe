#include "core/pieces.h"

namespace assistd::core {
namespace {

std::string told(std::string_view text, std::string_view pieces) {
    std::string all;
    for (const Piece& piece : pieces_of(text, pieces))
        all += std::to_string(piece.event_id) + ":" + std::string(piece.text) + " ";
    return all;
}

TEST(Pieces, AreFoundAgainUnderTheirIds) {
    PieceList list;
    list.add(7, 5);
    list.add(8, 3);
    list.add(10, 4);
    EXPECT_EQ(list.text(), "7 5 3 +1 4");
    EXPECT_EQ(told("Hello, world", list.text()), "7:Hello 8:, w 10:orld ");
}

TEST(Pieces, WhatDoesNotDescribeTheTextGivesNone) {
    for (const char* wrong : {"", "7", "7 5", "7 13", "7 5 x", "7 5 -7", "7 12 1", "x 12", "7  12", "+1 12"})
        EXPECT_EQ(told("Hello, world", wrong), "") << wrong;
}

}  // namespace
}  // namespace assistd::core
