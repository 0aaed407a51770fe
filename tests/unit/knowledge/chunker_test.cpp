#include "knowledge/chunker.h"

#include <algorithm>
#include <random>

#include "base/error.h"
#include "core/tokens.h"

namespace assistd::knowledge {
namespace {

Document plain(std::string text) {
    return {std::move(text), {{0, {}, std::nullopt}}};
}

std::vector<std::string> characters_of(const std::string& text) {
    std::vector<std::string> characters;
    for (const char byte : text) {
        if ((static_cast<unsigned char>(byte) & 0xC0) != 0x80) characters.emplace_back();
        characters.back() += byte;
    }
    return characters;
}

// What holds for every text.
void expect_well_cut(const Document& document, const core::Chunking& chunking) {
    const auto characters = characters_of(document.text);
    const std::vector<Chunk> chunks = chunks_of(document, chunking);
    std::int64_t covered = 0;
    for (std::size_t i = 0; i < chunks.size(); ++i) {
        const Chunk& chunk = chunks[i];
        ASSERT_LE(chunk.start, covered);
        ASSERT_GT(chunk.end, covered);
        if (i > 0) {
            ASSERT_GT(chunk.start, chunks[i - 1].start);
        }
        std::string text;
        for (std::int64_t at = chunk.start; at < chunk.end; ++at)
            text += characters[static_cast<std::size_t>(at)];
        ASSERT_EQ(chunk.text, text);
        ASSERT_LE(core::estimate_tokens(chunk.text), chunking.max_chunk_size_tokens);
        std::string shared;
        for (std::int64_t at = chunk.start; at < covered; ++at)
            shared += characters[static_cast<std::size_t>(at)];
        ASSERT_LE(core::estimate_tokens(shared), chunking.chunk_overlap_tokens);
        covered = chunk.end;
    }
    ASSERT_EQ(covered, static_cast<std::int64_t>(characters.size()));
}

std::string prose(int sentences) {
    std::string text;
    std::mt19937 random(7);
    const char* words[] = {"soot", "aggregate", "a",       "of",        "temperature",
                           "1800", "K",         "fractal", "dimension", "1.78"};
    for (int i = 0; i < sentences; ++i) {
        text += "The";
        for (unsigned n = 4 + random() % 12; n > 0; --n) text += std::string(" ") + words[random() % 10];
        text += random() % 6 == 0 ? ".\n\n" : ". ";
    }
    return text;
}

TEST(Chunker, CutsEveryKindOfTextWell) {
    std::string cjk, emoji, blanks(20'000, ' '), letters(50'000, 'x'), digits(9'000, '7'), lines, joined;
    for (int i = 0; i < 900; ++i) cjk += i % 13 == 0 ? "終わりました。" : "東京の天気";
    for (int i = 0; i < 900; ++i) emoji += i % 3 == 0 ? "👩‍👩‍👧" : "👍🏽 ";
    for (int i = 0; i < 2'000; ++i) joined += "\u200D👍\u0301";
    for (int i = 0; i < 4'000; ++i) lines += "\n";
    std::string umlauts;
    for (int i = 0; i < 9'000; ++i) umlauts += "ü";
    for (const std::string& text : {prose(900), cjk, emoji, joined, blanks, letters, digits, lines, umlauts,
                                    "x" + blanks + letters + "y", std::string("short"), std::string(),
                                    prose(3) + letters + cjk + blanks + prose(40)})
        for (const core::Chunking chunking :
             {core::Chunking{800, 400}, {100, 0}, {100, 50}, {101, 7}, {4'096, 2'048}})
            expect_well_cut(plain(text), chunking);
}

TEST(Chunker, CutsRandomTextsWell) {
    const char* parts[] = {"word ",  "Wort",    "\n", "\n\n",    "。",        "語",   "👍",
                           "\u200D", "\u0301",  " ",  ".",       "! ",        "=",    "1234567",
                           "ÄÖÜ",    "Москва ", "\t", "ALLCAPS", "camelCase", "<tag>"};
    for (unsigned seed = 0; seed < 300; ++seed) {
        std::mt19937 random(seed);
        std::string text;
        for (int i = 0; i < 1'500; ++i) {
            const char* part = parts[random() % std::size(parts)];
            for (unsigned times = random() % 40 == 0 ? random() % 300 : 1; times > 0; --times) text += part;
        }
        const int size = 100 + static_cast<int>(random() % 400);
        const core::Chunking chunking{size, static_cast<int>(random() % static_cast<unsigned>(size / 2 + 1))};
        expect_well_cut(plain(text), chunking);
        if (HasFatalFailure()) FAIL() << "seed " << seed;
    }
}

TEST(Chunker, FillsChunksAndOverlapsAsAsked) {
    const std::vector<Chunk> chunks = chunks_of(plain(prose(2'000)), {800, 400});
    ASSERT_GT(chunks.size(), 40u);
    for (std::size_t i = 0; i + 1 < chunks.size(); ++i) {
        EXPECT_GE(core::estimate_tokens(chunks[i].text), 600);
        const auto shared = static_cast<std::size_t>(chunks[i].end - chunks[i + 1].start);  // it is ASCII
        const std::int64_t overlap = core::estimate_tokens(chunks[i + 1].text.substr(0, shared));
        EXPECT_GE(overlap, 300);
        EXPECT_LE(overlap, 400);
        EXPECT_TRUE(chunks[i + 1].text.starts_with("The ")) << chunks[i + 1].text.substr(0, 40);
    }
}

TEST(Chunker, EndsWhereTheTextHasItsParts) {
    for (const Chunk& chunk : chunks_of(plain(prose(400)), {200, 0})) {
        EXPECT_TRUE(chunk.text.ends_with(".\n\n") || chunk.text.ends_with(". ")) << chunk.text;
        EXPECT_TRUE(chunk.text.starts_with("The "));
    }
    Document document;
    for (int i = 0; i < 6; ++i) {
        document.sections.push_back({document.text.size(), {"Book", "Part " + std::to_string(i)}, i + 1});
        document.text += "Part\n\n" + prose(18);  // about 250 tokens
    }
    for (const Chunk& chunk : chunks_of(document, {400, 0})) {
        EXPECT_TRUE(chunk.text.starts_with("Part\n\n")) << chunk.text;
        EXPECT_EQ(chunk.first_page, chunk.last_page);
        EXPECT_EQ(chunk.heading, "Book > Part " + std::to_string(*chunk.first_page - 1));
    }
}

TEST(Chunker, TellsThePagesAndTheHeadingThatMostIsFrom) {
    Document document;
    document.sections = {{0, {"A"}, 1}, {6, {"B"}, 2}, {18, {"C"}, 3}};
    document.text = "First\nThe second\nThird";
    document.sections[2].start = 17;
    const auto chunks = chunks_of(document, {});
    ASSERT_EQ(chunks.size(), 1u);
    EXPECT_EQ(chunks[0].first_page, 1);
    EXPECT_EQ(chunks[0].last_page, 3);
    EXPECT_EQ(chunks[0].heading, "B");
    EXPECT_EQ(chunks[0].end, 22);
}

TEST(Chunker, IsDeterministic) {
    const Document document = plain(prose(300) + std::string(3'000, 'x'));
    const auto once = chunks_of(document, {150, 60}), again = chunks_of(document, {150, 60});
    ASSERT_EQ(once.size(), again.size());
    for (std::size_t i = 0; i < once.size(); ++i) EXPECT_EQ(once[i].text, again[i].text);
}

TEST(Chunker, RefusesOtherSizes) {
    for (const core::Chunking& wrong :
         {core::Chunking{99, 0}, {4'097, 0}, {800, 401}, {800, -1}, {101, 51}, {0, 0}, {-800, -400}})
        EXPECT_THROW(chunks_of(plain("text"), wrong), Error);
}

}  // namespace
}  // namespace assistd::knowledge
