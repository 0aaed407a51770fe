// Questions that are no orders are answered out of the documents, with what they rest on.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/providers_offline/conversation.h"

namespace assistd::test {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

class Documents : public testing::Test {
  protected:
    Documents() {
        conversation_.runner = [this](const std::string&, const json&) {
            json passage = {{"marker", "【1:1†notes.md】"},
                            {"number", 1},
                            {"file_id", ArtifactId::make().text()},
                            {"file_name", "notes.md"},
                            {"score", 1.0},
                            {"start", 0},
                            {"end", 10},
                            {"text", text_}};
            return json{{"success", true},
                        {"summary", "1 passage in notes.md."},
                        {"data", {{"search", 1}, {"passages", json::array({passage})}}}};
        };
    }

    std::string text_ =
        "# Furnace\n\nLunch is at noon.\n\nThe furnace runs at 1800 K. It needs two hours to cool down.";
    Conversation conversation_{make_tools(
        {make_tool("file_search", {{"query", {{"type", "string"}}}}, {"search the documents for {query}"})})};
};

TEST_F(Documents, AnswerAQuestionWithTheSentencesNearestToItAndTheirMarker) {
    const std::string reply = conversation_.say("At which temperature does the furnace run, in K?");
    EXPECT_THAT(conversation_.calls(), HasSubstr("file_search"));
    EXPECT_THAT(reply,
                HasSubstr("The furnace runs at 1800 K. It needs two hours to cool down. 【1:1†notes.md】"));
    EXPECT_THAT(reply, Not(HasSubstr("Lunch")));
}

TEST_F(Documents, AreAskedByTheirNamesAndAsSuch) {
    for (const char* question :
         {"according to my documents, at which temperature does the furnace run, in K",
          "What do my notes have on how the furnace runs, in K?", "How does the furnace run in notes.md?"})
        EXPECT_THAT(conversation_.say(question),
                    HasSubstr("Your documents say:\n\n- The furnace runs at 1800 K."))
            << question;
}

TEST_F(Documents, AreCitedWhereTheSentenceEndsThatAnswers) {
    text_ = "The electrode gap is 3 mm. Electrodes are changed after 40 hours of use.";
    EXPECT_THAT(
        conversation_.say("How large is the electrode gap?"),
        HasSubstr("- The electrode gap is 3 mm. 【1:1†notes.md】 Electrodes are changed after 40 hours"));
}

TEST_F(Documents, AreQuotedWithWhatStandsBelowAHeading) {
    text_ = "# Furnace\n\nIt runs at 1800 K.\n\n# Oven\n\nIt is cold.";
    EXPECT_THAT(conversation_.say("Search the documents for furnace"),
                HasSubstr("- It runs at 1800 K. 【1:1"));
    EXPECT_THAT(conversation_.say("Search the documents for oven"), HasSubstr("- It is cold. 【1:1"));
    text_ = "# Furnace";
    EXPECT_THAT(conversation_.say("Search the documents for furnace"), HasSubstr("- # Furnace 【1:1"));
}

TEST_F(Documents, AreShownAsWhatIsNearestWhereTheyDoNotQuiteAnswer) {
    EXPECT_THAT(conversation_.say("How hot is the furnace?"),
                HasSubstr("I found no clear answer in your documents. Nearest to your question is:\n\n"
                          "- The furnace runs at 1800 K."));
}

TEST_F(Documents, AreNoAnswerToWhatTheyDoNotTell) {
    EXPECT_THAT(conversation_.say("Who was the first president of the Mars colony?"),
                HasSubstr("I did not understand that."));
}

TEST_F(Documents, AreNotSearchedForWhatIsNoQuestion) {
    EXPECT_THAT(conversation_.say("furnace temperature gibberish"), Not(HasSubstr("1800")));
    EXPECT_EQ(conversation_.calls(), "");
    conversation_.say("What?");
    EXPECT_EQ(conversation_.calls(), "");
}

TEST_F(Documents, AreShownWhenTheyAreAskedFor) {
    const std::string reply = conversation_.say("Search the documents for lunch");
    EXPECT_THAT(reply, HasSubstr("Lunch is at noon. 【1:1†notes.md】"));
}

}  // namespace
}  // namespace assistd::test
