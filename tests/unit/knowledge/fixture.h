#pragma once
// What the tests of the documents share: a state folder with a store of artifacts and a knowledge base on it,
// on threads of its own.

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_future.hpp>

#include "base/error.h"
#include "knowledge/knowledge_base.h"
#include "store/store.h"
#include "unit/store/fixture.h"

namespace assistd::knowledge {

// The file as one section of plain text.
Task<Extraction> plain_text(int file, std::string name, std::stop_token stop);

class KnowledgeTest : public testing::Test {
  protected:
    KnowledgeTest();
    ~KnowledgeTest() override;

    void open(core::Embedder* embedder = nullptr, ExtractText extract = plain_text);
    void close();
    core::Knowledge& knowledge() { return *base_; }
    core::Artifacts& artifacts() { return storage_->artifacts(); }

    template <class T>
    T run(Task<T> task) {
        return asio::co_spawn(asio::make_strand(io_), std::move(task), asio::use_future).get();
    }
    template <class T>
    ErrorCode error_of(Task<T> task) {
        try {
            run(std::move(task));
        } catch (const Error& error) {
            return error.code();
        }
        ADD_FAILURE() << "no Error was thrown";
        return ErrorCode::internal;
    }

    ArtifactId uploaded(const std::string& text, const std::string& name = "notes.txt",
                        const core::Owner& owner = "local");
    VectorStoreId made_store(const std::string& name = "documents", const core::Owner& owner = "local");
    // Waits until no file of the store is in progress.
    void settle(VectorStoreId store, const core::Owner& owner = "local");
    // Uploaded, put into the store and indexed.
    ArtifactId indexed(VectorStoreId store, const std::string& text, const std::string& name = "notes.txt",
                       const std::string& attributes = "{}", const core::Owner& owner = "local");
    std::vector<core::Passage> found(const std::string& query, std::vector<VectorStoreId> stores = {},
                                     const core::Owner& owner = "local");

    asio::io_context io_;
    asio::executor_work_guard<asio::io_context::executor_type> work_ = asio::make_work_guard(io_);
    std::vector<std::thread> threads_;
    test::TempFolder folder_;
    std::unique_ptr<store::Storage> storage_;
    std::unique_ptr<KnowledgeBase> base_;
};

}  // namespace assistd::knowledge
