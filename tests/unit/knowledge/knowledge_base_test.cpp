#include "knowledge/knowledge_base.h"

#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST_F(KnowledgeTest, AFileIsFoundOnceItIsIndexed) {
    const VectorStoreId store = made_store();
    const ArtifactId file = indexed(store, "The porosity of the clusters was 0.83 in the third series.");
    indexed(store, "Lunch is served from noon on.", "canteen.txt");
    const auto passages = found("how large was the porosity of the cluster?");
    ASSERT_THAT(passages, SizeIs(1));
    EXPECT_EQ(passages.front().file, file);
    EXPECT_EQ(passages.front().file_name, "notes.txt");
    EXPECT_EQ(passages.front().store, store);
    EXPECT_GT(passages.front().score, 0.5);  // it has five of the query's seven words
    EXPECT_LT(passages.front().score, 0.9);
    EXPECT_EQ(passages.front().start, 0);
    EXPECT_EQ(passages.front().end, 58);
    EXPECT_THAT(passages.front().text, HasSubstr("0.83"));
    const core::VectorStore about = run(knowledge().store("local", store));
    EXPECT_EQ(about.counts.completed, 2);
    EXPECT_EQ(about.usage_bytes, 58 + 29);
    EXPECT_EQ(about.state, core::VectorStoreState::completed);
}

TEST_F(KnowledgeTest, ChineseJapaneseAndKoreanAreFoundInTheMiddleOfARun) {
    const VectorStoreId store = made_store();
    indexed(store, "东京都的人口超过一千三百万。", "zh.txt");
    indexed(store, "吾輩は猫である。名前はまだ無い。", "ja.txt");
    indexed(store, "서울특별시에서는 지하철이 편리하다.", "ko.txt");
    indexed(store, "Ein Größenvergleich der Cluster.", "de.txt");
    indexed(store, "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย", "th.txt");
    indexed(store, "ភ្នំពេញគឺជារាជធានីនៃប្រទេសកម្ពុជា", "km.txt");
    indexed(store, "संख्या बढ़ती है और किताब छोटी है।", "hi.txt");
    indexed(store, "The eﬃcient ﬁlter of the Cafe\u0301.", "ligatures.txt");
    const auto first = [this](const std::string& query) {
        const auto passages = found(query);
        return passages.empty() ? std::string() : passages.front().file_name;
    };
    EXPECT_EQ(first("人口"), "zh.txt");
    EXPECT_EQ(first("京都"), "zh.txt");
    EXPECT_EQ(first("猫"), "ja.txt");
    EXPECT_EQ(first("名前は何ですか"), "ja.txt");
    EXPECT_EQ(first("지하철"), "ko.txt");
    EXPECT_EQ(first("grossenvergleich"), "de.txt");
    EXPECT_EQ(first("GRÖSSENVERGLEICH"), "de.txt");
    EXPECT_EQ(first("größenvergleich"), "de.txt");
    EXPECT_EQ(first("ｃｌｕｓｔｅｒ"), "de.txt");
    EXPECT_EQ(first("犬"), "");
    EXPECT_EQ(first("เมืองหลวง"), "th.txt");
    EXPECT_EQ(first("ម្ពុជា"), "km.txt");
    EXPECT_EQ(first("किताब"), "hi.txt");
    EXPECT_EQ(first("कताब"), "");  // its marks are parts of the word
    EXPECT_EQ(first("efficient"), "ligatures.txt");
    EXPECT_EQ(first("café"), "ligatures.txt");
    EXPECT_EQ(first("CAFE"), "ligatures.txt");
}

TEST_F(KnowledgeTest, WhatIsAnothersIsNotThere) {
    const VectorStoreId mine = made_store();
    const ArtifactId file = indexed(mine, "A secret about ferrofluids.");
    const VectorStoreId theirs = made_store("documents", "eve");
    EXPECT_THAT(found("ferrofluids", {}, "eve"), IsEmpty());
    EXPECT_EQ(error_of(knowledge().store("eve", mine)), ErrorCode::not_found);
    EXPECT_EQ(error_of(knowledge().add_file("eve", theirs, {file, "{}", {}})), ErrorCode::not_found);
    EXPECT_EQ(error_of(knowledge().file("eve", mine, file)), ErrorCode::not_found);
    EXPECT_EQ(
        error_of(knowledge().files({.owner = "eve", .store = mine, .batch = {}, .state = {}, .range = {}})),
        ErrorCode::not_found);
    EXPECT_EQ(error_of(knowledge().remove_store("eve", mine)), ErrorCode::not_found);
    core::SearchRequest request;
    request.owner = "eve";
    request.stores = {mine};
    request.queries = {"ferrofluids"};
    EXPECT_EQ(error_of(knowledge().search(request)), ErrorCode::not_found);
    EXPECT_TRUE(knowledge().has_documents("local"));
    EXPECT_FALSE(knowledge().has_documents("eve"));
}

TEST_F(KnowledgeTest, ARemovedFileIsFoundNoMore) {
    const VectorStoreId store = made_store();
    const VectorStoreId other = made_store("others");
    const ArtifactId file = indexed(store, "Dendrites grow at the cathode.");
    run(knowledge().add_file("local", other, {file, "{}", {}}));
    settle(other);
    EXPECT_THAT(found("dendrites"), SizeIs(1));  // one passage, though two stores have it
    EXPECT_THAT(found("dendrites", {store}), SizeIs(1));
    EXPECT_THAT(found("dendrites", {other}), SizeIs(1));
    run(knowledge().remove_file("local", store, file));
    EXPECT_THAT(found("dendrites"), SizeIs(1));
    EXPECT_THAT(found("dendrites", {store}), IsEmpty());
    EXPECT_EQ(error_of(knowledge().remove_file("local", store, file)), ErrorCode::not_found);
    run(knowledge().forget_file("local", file));
    EXPECT_THAT(found("dendrites"), IsEmpty());
    EXPECT_FALSE(knowledge().has_documents("local"));
    const ArtifactId again = indexed(store, "Dendrites grow at the cathode.");
    EXPECT_THAT(found("dendrites"), SizeIs(1));
    EXPECT_EQ(found("dendrites").front().file, again);
}

TEST_F(KnowledgeTest, FiltersAreAppliedBeforeTheLimit) {
    const VectorStoreId store = made_store();
    for (int i = 0; i < 12; ++i)
        indexed(store, "growth growth growth " + std::to_string(i), "old.txt",
                R"({"year": 1999, "open": true})");
    indexed(store, "growth, mentioned once among many other words here", "new.txt",
            R"({"year": 2024, "kind": "paper"})");
    using Kind = core::AttributeFilter::Kind;
    core::SearchRequest request;
    request.owner = "local";
    request.queries = {"growth"};
    request.limit = 3;
    request.filter = core::AttributeFilter{Kind::gte, "year", {2000.0}, {}};
    EXPECT_THAT(run(knowledge().search(request)), SizeIs(1));
    request.filter = core::AttributeFilter{Kind::ne, "open", {true}, {}};
    EXPECT_THAT(run(knowledge().search(request)), SizeIs(1));
    request.filter = core::AttributeFilter{Kind::in, "kind", {std::string("book"), std::string("paper")}, {}};
    EXPECT_THAT(run(knowledge().search(request)), SizeIs(1));
    const core::AttributeFilter old{Kind::lt, "year", {2000.0}, {}};
    const core::AttributeFilter text{Kind::gt, "year", {std::string("1000")}, {}};
    request.filter = core::AttributeFilter{Kind::any_of, "", {}, {old, text}};
    EXPECT_THAT(run(knowledge().search(request)), SizeIs(3));
    request.filter = core::AttributeFilter{Kind::all_of, "", {}, {old, text}};
    EXPECT_THAT(run(knowledge().search(request)), IsEmpty());
}

TEST_F(KnowledgeTest, ListsPageThroughEqualTimesInBothDirections) {
    core::VectorStore about;
    about.owner = "local";
    std::vector<core::FileToIndex> files;
    for (int i = 0; i < 250; ++i) files.push_back({uploaded("text " + std::to_string(i)), "{}", {}});
    const VectorStoreId store = run(knowledge().add_store(about, files)).id;
    for (const bool oldest_first : {false, true}) {
        core::IndexedFileQuery query{
            "local",
            store,
            {},
            {},
            {oldest_first ? core::Order::ascending : core::Order::descending, {}, {}, 20}};
        std::vector<ArtifactId> seen;
        while (true) {
            const auto page = run(knowledge().files(query));
            for (const core::IndexedFile& file : page.items) seen.push_back(file.file);
            if (!page.has_more) break;
            query.range.after = page.items.back().file;
        }
        std::vector<ArtifactId> expected;
        for (const core::FileToIndex& file : files) expected.push_back(file.file);
        if (!oldest_first) std::ranges::reverse(expected);
        EXPECT_EQ(seen, expected);
        // The page before an item is what is right before it.
        query.range.after.reset();
        query.range.before = expected[100];
        const auto before = run(knowledge().files(query));
        ASSERT_THAT(before.items, SizeIs(20));
        EXPECT_TRUE(before.has_more);
        EXPECT_EQ(before.items.front().file, expected[80]);
        EXPECT_EQ(before.items.back().file, expected[99]);
    }
    core::IndexedFileQuery query{"local", store, {}, {}, {}};
    query.range.after = ArtifactId::make();
    EXPECT_EQ(error_of(knowledge().files(query)), ErrorCode::validation);
}

TEST_F(KnowledgeTest, StoresAreRemovedWhileTheyAreListed) {
    for (const bool oldest_first : {false, true}) {
        for (int i = 0; i < 20; ++i) made_store(std::to_string(i));
        made_store("another's", "you");
        core::ListRange<VectorStoreId> range;
        range.order = oldest_first ? core::Order::ascending : core::Order::descending;
        range.limit = 3;
        std::size_t seen = 0;
        for (bool more = true; more;) {
            const auto page = run(knowledge().stores("local", range));
            for (const core::VectorStore& store : page.items)
                run(knowledge().remove_store("local", store.id));
            seen += page.items.size();
            range.after = page.items.back().id;
            more = page.has_more;
        }
        EXPECT_EQ(seen, 20u);
        EXPECT_THAT(run(knowledge().stores("local", {})).items, IsEmpty());
    }
    core::ListRange<VectorStoreId> range;
    range.after = made_store("another's", "you");
    EXPECT_EQ(error_of(knowledge().stores("local", range)), ErrorCode::validation);
}

TEST_F(KnowledgeTest, FilesAreTakenOutWhileTheyAreListed) {
    const VectorStoreId store = made_store();
    std::vector<core::FileToIndex> files;
    for (int i = 0; i < 20; ++i) files.push_back({uploaded("text " + std::to_string(i)), "{}", {}});
    std::ranges::reverse(files);  // the order is that of the store, not of the uploads
    for (const bool oldest_first : {false, true}) {
        for (const core::FileToIndex& file : files) run(knowledge().add_file("local", store, file));
        core::IndexedFileQuery query{"local", store, {}, {}, {}};
        query.range.order = oldest_first ? core::Order::ascending : core::Order::descending;
        query.range.limit = 3;
        std::vector<ArtifactId> seen;
        for (bool more = true; more;) {
            const auto page = run(knowledge().files(query));
            for (const core::IndexedFile& file : page.items) {
                seen.push_back(file.file);
                run(knowledge().remove_file("local", store, file.file));
            }
            query.range.after = page.items.back().file;
            more = page.has_more;
        }
        if (!oldest_first) std::ranges::reverse(seen);
        ASSERT_THAT(seen, SizeIs(20));
        EXPECT_TRUE(std::ranges::equal(seen, files, {}, {}, &core::FileToIndex::file));
    }
    core::IndexedFileQuery query{"local", made_store("other"), {}, {}, {}};
    query.range.after = files.front().file;  // of another store
    EXPECT_EQ(error_of(knowledge().files(query)), ErrorCode::validation);
}

TEST_F(KnowledgeTest, AFailedFileSaysWhyAndCanBePutInOnceMore) {
    bool broken = true;
    open(nullptr, [&broken](int file, std::string name, std::stop_token stop) -> Task<Extraction> {
        if (broken)
            co_return core::IndexError{core::IndexErrorCode::unsupported_file, "It is a spreadsheet."};
        co_return co_await plain_text(file, name, stop);
    });
    const VectorStoreId store = made_store();
    const ArtifactId file = indexed(store, "cells");
    core::IndexedFile about = run(knowledge().file("local", store, file));
    EXPECT_EQ(about.state, core::IndexState::failed);
    ASSERT_TRUE(about.error);
    EXPECT_EQ(about.error->code, core::IndexErrorCode::unsupported_file);
    EXPECT_EQ(about.error->message, "It is a spreadsheet.");
    broken = false;
    run(knowledge().add_file("local", store, {file, "{}", {}}));
    settle(store);
    about = run(knowledge().file("local", store, file));
    EXPECT_EQ(about.state, core::IndexState::completed);
    EXPECT_FALSE(about.error);
    EXPECT_THAT(found("cells"), SizeIs(1));
}

TEST_F(KnowledgeTest, ACancelledBatchIndexesNothingMore) {
    OneShot<> go;
    open(nullptr, [go](int file, std::string name, std::stop_token stop) -> Task<Extraction> {
        const std::stop_callback leave(stop, [go] { go.set(); });
        co_await go.wait();
        if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "It was cancelled.");
        co_return co_await plain_text(file, name, stop);
    });
    const VectorStoreId store = made_store();
    std::vector<core::FileToIndex> files;
    files.push_back({uploaded("one text"), "{}", {}});
    core::FileBatch batch = run(knowledge().add_batch("local", store, files));
    EXPECT_EQ(batch.state, core::IndexState::in_progress);
    EXPECT_EQ(batch.counts.in_progress, 1);
    batch = run(knowledge().cancel_batch("local", store, batch.id));
    EXPECT_EQ(batch.state, core::IndexState::cancelled);
    EXPECT_EQ(batch.counts.cancelled, 1);
    settle(store);
    EXPECT_THAT(found("text"), IsEmpty());
    const auto listed = run(knowledge().files({"local", store, batch.id, core::IndexState::cancelled, {}}));
    EXPECT_THAT(listed.items, SizeIs(1));
}

TEST_F(KnowledgeTest, WhatWasInterruptedIsIndexedAfterTheRestart) {
    OneShot<> never;
    open(nullptr, [never](int, std::string, std::stop_token stop) -> Task<Extraction> {
        const std::stop_callback leave(stop, [never] { never.set(); });
        co_await never.wait();
        throw Error(ErrorCode::cancelled, "It was cancelled.");
    });
    const VectorStoreId store = made_store();
    const ArtifactId file = uploaded("It was interrupted.");
    run(knowledge().add_file("local", store, {file, "{}", {}}));
    EXPECT_THAT(found("interrupted"), IsEmpty());
    open();
    settle(store);
    EXPECT_EQ(run(knowledge().file("local", store, file)).state, core::IndexState::completed);
    EXPECT_THAT(found("interrupted"), SizeIs(1));
}

TEST_F(KnowledgeTest, AnExpiredStoreIsEmptiedAndThenGoes) {
    core::VectorStore about;
    about.owner = "local";
    about.expires_after_days = 1;
    const VectorStoreId store = run(knowledge().add_store(about, {})).id;
    indexed(store, "Ephemeral notes.");
    const Timestamp later = now() + std::chrono::days(2);
    EXPECT_EQ(run(knowledge().sweep(now(), now() - std::chrono::days(30), 10)), 0);
    EXPECT_EQ(run(knowledge().sweep(later, later - std::chrono::days(30), 10)), 1);
    EXPECT_THAT(found("ephemeral"), IsEmpty());
    EXPECT_EQ(run(knowledge().sweep(later, later - std::chrono::days(30), 10)), 0);
    EXPECT_EQ(run(knowledge().sweep(later + std::chrono::days(40), later + std::chrono::days(10), 10)), 1);
    EXPECT_EQ(error_of(knowledge().store("local", store)), ErrorCode::not_found);
}

TEST_F(KnowledgeTest, TheTextOfAFileComesWithoutItsOverlaps) {
    std::string text;
    for (int i = 0; i < 4'000; ++i)
        text += "Wörter and 数字 " + std::to_string(i) + (i % 40 == 39 ? ".\n\n" : " ");
    const VectorStoreId store = made_store();
    const ArtifactId file = indexed(store, text);
    for (const int together : {1'000, 3}) {
        std::string all;
        for (int first = 0;; first += together) {
            const core::ChunkTexts texts =
                run(knowledge().chunk_texts("local", store, file, first, together));
            for (const std::string& one : texts.texts) all += one;
            if (!texts.has_more) break;
        }
        EXPECT_TRUE(all == text) << all.size() << " bytes of " << text.size();
    }
}

TEST_F(KnowledgeTest, AThresholdLeavesWhatIsLikeTheQuery) {
    const VectorStoreId store = made_store();
    indexed(store, "The porosity of the third cluster was measured.", "like.txt");
    indexed(store, "A cluster.", "little.txt");
    core::SearchRequest request;
    request.owner = "local";
    request.queries = {"porosity third cluster"};
    EXPECT_THAT(run(knowledge().search(request)), SizeIs(2));
    request.score_threshold = 0.7;
    const auto passages = run(knowledge().search(request));
    ASSERT_THAT(passages, SizeIs(1));
    EXPECT_EQ(passages.front().file_name, "like.txt");
    // What has none of a query's rare words is not like it, however well it stands among the others.
    request.queries = {"granite quarry machinery cluster"};
    EXPECT_THAT(run(knowledge().search(request)), IsEmpty());
}

TEST_F(KnowledgeTest, AStoreOfANameIsMadeOnce) {
    const VectorStoreId store = run(knowledge().store_named("local", "documents")).id;
    EXPECT_EQ(run(knowledge().store_named("local", "documents")).id, store);
    EXPECT_NE(run(knowledge().store_named("eve", "documents")).id, store);
}

TEST_F(KnowledgeTest, AQueryOfNothingOrOfSignsFindsNothing) {
    const VectorStoreId store = made_store();
    indexed(store, "Plain words.");
    for (const std::string query : {"", "   ", "?!\"'()*:^", "NEAR(", "\"", "—…", "AND OR NOT"})
        EXPECT_THAT(found(query), IsEmpty()) << query;
    EXPECT_THAT(found("words\" OR scope : \"o1"), SizeIs(1));
}

}  // namespace
}  // namespace assistd::knowledge
