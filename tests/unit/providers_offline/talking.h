#pragma once
// A conversation with the shipped tools, sentence by sentence.

#include <gmock/gmock.h>

#include <string>

#include "conversation.h"

namespace assistd::test {

class Talking : public ::testing::Test {
  protected:
    // What the sentence has called (Conversation::calls()); the text that came is in reply_.
    std::string calls(const std::string& sentence) {
        reply_ = talk_.say(sentence);
        return talk_.calls();
    }

    Conversation talk_{shipped_tools()};
    std::string reply_;
};

}  // namespace assistd::test
