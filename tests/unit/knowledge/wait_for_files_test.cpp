#include "core/wait_for_files.h"

#include "unit/knowledge/fixture.h"

namespace assistd::knowledge {
namespace {

using namespace std::chrono_literals;

// Files are read once `go_` is set.
class WaitForFiles : public KnowledgeTest {
  protected:
    WaitForFiles() {
        open(nullptr, [go = go_](int file, std::string name, std::stop_token stop) -> Task<Extraction> {
            const std::stop_callback leave(stop, [go] { go.set(); });
            co_await go.wait();
            if (stop.stop_requested()) throw Error(ErrorCode::cancelled, "It was cancelled.");
            co_return co_await plain_text(file, name, stop);
        });
    }
    ~WaitForFiles() override {
        go_.set();
        close();
    }
    core::Turn turn_with(std::vector<VectorStoreId> stores) {
        core::TurnOptions options;
        options.vector_stores = std::move(stores);
        core::Turn turn;
        turn.owner = "local";
        turn.options = std::make_shared<const core::TurnOptions>(options);
        return turn;
    }
    std::future<void> waiting(const core::Turn& turn, std::chrono::milliseconds patience,
                              std::stop_token stop = {}) {
        auto work = [](core::Knowledge& knowledge, core::Turn of, std::chrono::milliseconds at_most,
                       std::stop_token token) -> Task<void> {
            co_await core::wait_for_files(knowledge, of, at_most, token);
        };
        return asio::co_spawn(asio::make_strand(io_), work(knowledge(), turn, patience, stop),
                              asio::use_future);
    }

    const OneShot<> go_;
};

TEST_F(WaitForFiles, EndsWhenTheLastOneIsIndexed) {
    const VectorStoreId store = made_store();
    run(knowledge().add_file("local", store, {uploaded("What is looked for."), "{}", {}}));
    auto wait = waiting(turn_with({store}), 10min);
    EXPECT_THAT(found("looked", {store}), testing::IsEmpty());
    EXPECT_NE(wait.wait_for(0s), std::future_status::ready);
    go_.set();
    wait.get();
    EXPECT_THAT(found("looked", {store}), testing::SizeIs(1));
}

TEST_F(WaitForFiles, EndsWithPatienceAndWhenTheTurnIsStopped) {
    const VectorStoreId store = made_store();
    run(knowledge().add_file("local", store, {uploaded("What is looked for."), "{}", {}}));
    waiting(turn_with({store}), 1ms).get();
    std::stop_source stop;
    auto wait = waiting(turn_with({store}), 10min, stop.get_token());
    stop.request_stop();
    EXPECT_THROW(wait.get(), Error);
}

TEST_F(WaitForFiles, DoesNotWaitForOtherStoresOrForThoseThatAreGone) {
    const VectorStoreId other = made_store("other");
    run(knowledge().add_file("local", other, {uploaded("Another one's."), "{}", {}}));
    const VectorStoreId gone = made_store("gone");
    run(knowledge().remove_store("local", gone));
    waiting(turn_with({made_store("empty"), gone}), 10min).get();
    waiting(turn_with({}), 10min).get();
}

}  // namespace
}  // namespace assistd::knowledge
