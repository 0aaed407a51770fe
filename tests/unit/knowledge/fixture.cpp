#include "unit/knowledge/fixture.h"

#include <unistd.h>

namespace assistd::knowledge {

Task<Extraction> plain_text(int file, std::string /*name*/, std::stop_token /*stop*/) {
    Document document;
    char buffer[65'536];
    off_t at = 0;
    for (ssize_t got = 0; (got = ::pread(file, buffer, sizeof buffer, at)) > 0; at += got)
        document.text.append(buffer, static_cast<std::size_t>(got));
    document.sections.emplace_back();
    co_return document;
}

KnowledgeTest::KnowledgeTest() {
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
    storage_ = store::open_store({.folder = folder_.path() / "state"});
    open();
}

KnowledgeTest::~KnowledgeTest() {
    close();
    work_.reset();
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
}

void KnowledgeTest::open(core::Embedder* embedder, ExtractText extract) {
    close();
    const KnowledgeOptions options{folder_.path() / "state", false, 2};
    base_ = std::make_unique<KnowledgeBase>(io_, options, artifacts(), storage_->files(), std::move(extract),
                                            embedder);
    base_->start();
}

void KnowledgeTest::close() {
    if (!base_) return;
    asio::co_spawn(io_, base_->stop(), asio::use_future).get();
    base_.reset();
}

ArtifactId KnowledgeTest::uploaded(const std::string& text, const std::string& name,
                                   const core::Owner& owner) {
    std::vector<core::ArtifactDraft> drafts(1);
    drafts.front().file = artifacts().new_file();
    EXPECT_EQ(::pwrite(drafts.front().file.get(), text.data(), text.size(), 0),
              static_cast<ssize_t>(text.size()));
    drafts.front().about.owner = owner;
    drafts.front().about.kind = "file";
    drafts.front().about.name = name;
    drafts.front().about.media_type = "text/plain";
    return run(artifacts().add(std::move(drafts))).front().id;
}

VectorStoreId KnowledgeTest::made_store(const std::string& name, const core::Owner& owner) {
    core::VectorStore store;
    store.owner = owner;
    store.name = name;
    return run(knowledge().add_store(store, {})).id;
}

void KnowledgeTest::settle(VectorStoreId store, const core::Owner& owner) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (run(knowledge().store(owner, store)).counts.in_progress > 0) {
        ASSERT_LT(std::chrono::steady_clock::now(), deadline);
        std::this_thread::yield();
    }
}

ArtifactId KnowledgeTest::indexed(VectorStoreId store, const std::string& text, const std::string& name,
                                  const std::string& attributes, const core::Owner& owner) {
    const ArtifactId file = uploaded(text, name, owner);
    run(knowledge().add_file(owner, store, {file, attributes, {}}));
    settle(store, owner);
    return file;
}

std::vector<core::Passage> KnowledgeTest::found(const std::string& query, std::vector<VectorStoreId> stores,
                                                const core::Owner& owner) {
    core::SearchRequest request;
    request.owner = owner;
    request.queries = {query};
    request.stores = std::move(stores);
    return run(knowledge().search(request));
}

}  // namespace assistd::knowledge
