#include "knowledge/word_search.h"

#include "knowledge/chunk_rows.h"
#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

// A collection in which some words are nearly everywhere.
class WordSearchTest : public testing::Test {
  protected:
    static constexpr int chunks = 30'000;

    WordSearchTest() : tables_({folder_.path() / "knowledge.db", false, 1, 100}) {
        for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
        auto fill = [](WriteScope& scope) {
            scope.db.run("INSERT INTO owners (key, name) VALUES (1, 'local')");
            IndexJob job;
            job.key = 1;
            job.owner_key = 1;
            job.store = 1;
            std::vector<Chunk> all(chunks);
            for (int i = 0; i < chunks; ++i)
                all[static_cast<std::size_t>(i)].text =
                    "the of and cluster" + std::string(i % 5'000 == 17 ? " dendrite" : "") +
                    (i == 17 ? " growth growth" : "") + (i == 29'999 ? " the the the" : "");
            write_chunks(scope, job, 0, all, words_of_chunks(all), {});
        };
        run(tables_.write(fill));
        scope_.chunks = chunks;
        scope_.all_chunks = chunks;
        scope_.sees = [](Key file) { return file == 1; };
    }
    ~WordSearchTest() override {
        work_.reset();
        io_.stop();
        for (std::thread& thread : threads_) thread.join();
    }

    template <class T>
    T run(Task<T> task) {
        return asio::co_spawn(io_, std::move(task), asio::use_future).get();
    }
    std::vector<Scored> search(const std::string& query) {
        auto work = [this, query](Reader reader) { return words_.search(reader, query, scope_, 10); };
        return run(tables_.read(work));
    }

    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    std::vector<std::thread> threads_;
    test::TempFolder folder_;
    Tables tables_;
    WordSearch words_;
    Scope scope_;
};

TEST_F(WordSearchTest, RareWordsFindAndCommonOnesAddToTheScore) {
    const std::vector<Scored> found = search("the growth of the dendrite cluster");
    ASSERT_EQ(found.size(), 6u);
    EXPECT_EQ(found.front().chunk, first_chunk_of(1) + 17);
    const std::vector<Scored> rare = search("growth dendrite");
    ASSERT_EQ(rare.size(), 6u);
    EXPECT_EQ(rare.front().chunk, found.front().chunk);
    for (const Scored& one : search("dendrites")) EXPECT_EQ((one.chunk - first_chunk_of(1)) % 5'000, 17);
}

TEST_F(WordSearchTest, TheScoreIsTheShareOfTheQuerysWords) {
    EXPECT_GT(search("dendrite cluster").front().score, 0.85);
    const double half = search("dendrite porosity").front().score;
    EXPECT_GT(half, 0.3);
    EXPECT_LT(half, 0.6);
    EXPECT_LT(search("porosity of the").front().score, 0.2);
}

TEST_F(WordSearchTest, OfCommonWordsAloneTheNewestAreScored) {
    const std::vector<Scored> found = search("the of and");
    ASSERT_EQ(found.size(), 10u);
    EXPECT_EQ(found.front().chunk, first_chunk_of(1) + chunks - 1);
    for (const Scored& one : found)
        EXPECT_GE(one.chunk - first_chunk_of(1), chunks - WordSearch::most_scored);
}

TEST_F(WordSearchTest, OutOfScopeIsNeverFound) {
    scope_.sees = [](Key) { return false; };
    EXPECT_TRUE(search("dendrite").empty());
    EXPECT_TRUE(search("the").empty());
    scope_.sees = [](Key) { return true; };
    scope_.marks = {"s2"};
    scope_.chunks = 1;
    EXPECT_TRUE(search("dendrite").empty());
    scope_.marks = {"s2", "s1"};
    EXPECT_EQ(search("dendrite").size(), 6u);
}

}  // namespace
}  // namespace assistd::knowledge
