#include "store/excerpts.h"

#include "base/utf8.h"
#include "store/search.h"

namespace assistd::store {
namespace {

// With brackets around what was found.
std::string shown(const core::Excerpt& excerpt) {
    std::string text;
    std::int64_t position = 0;
    for (std::size_t i = 0; i < excerpt.text.size();) {
        for (const core::Excerpt::Mark& mark : excerpt.marks) {
            if (mark.end == position) text += ']';
            if (mark.begin == position) text += '[';
        }
        std::size_t end = i + 1;
        while (end < excerpt.text.size() && (excerpt.text[end] & 0xc0) == 0x80) ++end;
        text += excerpt.text.substr(i, end - i);
        i = end;
        ++position;
    }
    for (const core::Excerpt::Mark& mark : excerpt.marks)
        if (mark.end == position) text += ']';
    return text;
}

class ExcerptsTest : public testing::Test {
  protected:
    std::string of(const std::string& text, const std::string& words) {
        return shown(excerpts_.of(text, fts_query(words)));
    }
    Excerpts excerpts_;
};

TEST_F(ExcerptsTest, MarkWhatWasFoundAsTheIndexKnowsWords) {
    EXPECT_EQ(of("Grüße aus Köln\nund **Bonn**", "koln bon"), "Grüße aus [Köln] und **[Bonn]**");
    EXPECT_EQ(of("the first text", "first"), "the [first] text");
    EXPECT_EQ(of("another text", "text"), "another [text]");
}

TEST_F(ExcerptsTest, AreTheWordsSurroundings) {
    std::string text;
    for (int i = 0; i < 5'000; ++i) text += "word" + std::to_string(i) + " ";
    const std::string found = of(text, "word3000");
    EXPECT_THAT(found, testing::HasSubstr("[word3000] word3001"));
    EXPECT_LT(found.size(), 500u);
    EXPECT_TRUE(found.starts_with("…"));
}

TEST_F(ExcerptsTest, AreShortWhateverTheTextIs) {
    const std::string long_word(50'000, 'x');
    const core::Excerpt one = excerpts_.of("ä" + long_word + " needle", fts_query("needle"));
    EXPECT_EQ(count_characters(one.text), 300u);
    EXPECT_TRUE(shown(one).ends_with("[needle]"));
    EXPECT_EQ(count_characters(excerpts_.of(long_word, fts_query(long_word)).text), 300u);
    EXPECT_EQ(of("", "needle"), "");
    EXPECT_EQ(of("\x02hay\x03 stack\t\n", "needle"), "hay stack ");
}

}  // namespace
}  // namespace assistd::store
