#include "knowledge/meanings.h"

#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

using testing::SizeIs;

// Knows two meanings by their words, and fails when it is told to.
class Topics : public core::Embedder {
  public:
    explicit Topics(std::string name) : name_(std::move(name)) {}
    std::string model() const override { return name_; }
    Task<std::vector<std::vector<float>>> embed_tokens(std::vector<std::vector<std::int64_t>>,
                                                       std::stop_token, int) override {
        throw Error(ErrorCode::validation, "It takes texts only.");
    }
    Task<std::vector<std::vector<float>>> embed(std::vector<std::string> texts, std::stop_token,
                                                int) override {
        if (broken) throw Error(ErrorCode::provider_failed, "It is broken.");
        std::vector<std::vector<float>> vectors;
        for (const std::string& text : texts) {
            ++embedded;
            const auto has = [&text](const char* word) { return text.find(word) != std::string::npos; };
            const bool animal = has("cat") || has("feline") || has("kitten");
            vectors.push_back(animal ? std::vector<float>{3, 0, 0.1f} : std::vector<float>{0, 2, 0.1f});
        }
        co_return vectors;
    }

    std::atomic<bool> broken = false;
    std::atomic<int> embedded = 0;

  private:
    std::string name_;
};

class MeaningsTest : public KnowledgeTest {
  protected:
    // The Topics go before the knowledge base otherwise.
    ~MeaningsTest() override { close(); }

    std::string first(const std::string& query) {
        const auto passages = found(query);
        return passages.empty() ? "" : passages.front().file_name;
    }
    void wait_for(const std::function<bool()>& condition) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (!condition()) {
            ASSERT_LT(std::chrono::steady_clock::now(), deadline);
            std::this_thread::yield();
        }
    }

    Topics topics_{"test:one"};
};

TEST_F(MeaningsTest, WhatMeansTheSameIsFoundInOtherWords) {
    open(&topics_);
    const VectorStoreId store = made_store();
    indexed(store, "The kitten sleeps.", "animals.txt");
    indexed(store, "The motor hums.", "machines.txt");
    EXPECT_EQ(first("feline"), "animals.txt");
    const auto both = found("kitten");
    ASSERT_THAT(both, SizeIs(2));
    EXPECT_EQ(both.front().file_name, "animals.txt");
    EXPECT_NEAR(both.front().score, 1, 1e-6);
    EXPECT_LT(both.back().score, 0.5);
}

TEST_F(MeaningsTest, WhatOnlyItsMeaningFindsIsNoWorseForThat) {
    open(&topics_);
    const VectorStoreId store = made_store();
    indexed(store, "The kitten sleeps.", "animals.txt");
    indexed(store, "The motor hums.", "machines.txt");
    core::SearchRequest request;
    request.owner = "local";
    request.queries = {"feline"};
    request.score_threshold = 0.9;
    const auto passages = run(knowledge().search(request));
    ASSERT_THAT(passages, SizeIs(1));
    EXPECT_EQ(passages.front().file_name, "animals.txt");
}

TEST_F(MeaningsTest, TheyAreThereAfterARestartWithoutAskingAgain) {
    open(&topics_);
    const VectorStoreId store = made_store();
    indexed(store, "The kitten sleeps.", "animals.txt");
    open(&topics_);
    topics_.embedded = 0;
    wait_for([&] { return first("feline") == "animals.txt"; });
    Topics other("test:two");
    open(&other);
    wait_for([&] { return first("feline") == "animals.txt"; });
    EXPECT_GT(other.embedded, 0);
    close();
}

TEST_F(MeaningsTest, WithoutTheModelWordsAreFoundAndMeaningsFollow) {
    open(&topics_);
    const VectorStoreId store = made_store();
    topics_.broken = true;
    indexed(store, "The kitten sleeps.", "animals.txt");
    EXPECT_EQ(first("sleeps"), "animals.txt");
    EXPECT_EQ(first("feline"), "");
    topics_.broken = false;
    open(&topics_);
    wait_for([&] { return first("feline") == "animals.txt"; });
}

}  // namespace
}  // namespace assistd::knowledge
