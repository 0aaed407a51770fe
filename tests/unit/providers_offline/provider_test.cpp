// The provider as the turn loop sees it: streaming, stopping, usage, call ids.

#include "base/error.h"
#include "conversation.h"

namespace assistd::test {
namespace {

std::shared_ptr<const core::Message> user_message(const std::string& text) {
    auto message = std::make_shared<core::Message>();
    message->role = core::Role::user;
    message->blocks.push_back(core::TextBlock{text});
    return message;
}

class OfflineProvider : public ::testing::Test {
  protected:
    core::ProviderReply ask(const std::string& text) {
        messages_ = {user_message(text)};
        request_.messages = messages_;
        request_.tools = tools_;
        request_.owner = "local";
        request_.stop = stop_.get_token();
        return run_provider(provider_, request_, [this](std::string_view piece) {
            pieces_.emplace_back(piece);
            if (pieces_.size() == stop_after_) stop_.request_stop();
        });
    }

    std::shared_ptr<const core::ToolSet> tools_ = shipped_tools();
    providers::OfflineProvider provider_{nullptr};
    std::vector<std::shared_ptr<const core::Message>> messages_;
    core::ProviderRequest request_;
    std::vector<std::string> pieces_;
    std::stop_source stop_;
    std::size_t stop_after_ = 0;
};

TEST_F(OfflineProvider, StreamsItsTextInSmallPieces) {
    const auto reply = ask("hello");
    std::string joined;
    for (const std::string& piece : pieces_) {
        EXPECT_LE(piece.size(), 60u);
        joined += piece;
    }
    EXPECT_GT(pieces_.size(), 10u);
    EXPECT_EQ(joined, std::get<core::TextBlock>(reply.blocks.front()).text);
}

TEST_F(OfflineProvider, StopsWhenItIsTold) {
    stop_after_ = 3;
    try {
        ask("hello");
        FAIL() << "It went on.";
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::cancelled);
    }
    EXPECT_EQ(pieces_.size(), 3u);
}

TEST_F(OfflineProvider, ReportsEstimatedUsage) {
    const std::string system(400, 'x');
    request_.system = system;
    const auto reply = ask("hello");
    EXPECT_EQ(reply.usage.prompt_tokens, 102);
    EXPECT_GT(reply.usage.completion_tokens, 20);
    EXPECT_EQ(reply.model, "offline");
}

TEST_F(OfflineProvider, GivesEachCallItsOwnIdAlsoWithoutMessageIds) {
    std::set<std::string> ids;
    std::size_t calls = 0;
    for (int i = 0; i < 3; ++i)
        for (const core::Block& block : ask("make three dla clusters of 100 particles").blocks) {
            ids.insert(std::get<core::ToolCallBlock>(block).call_id);
            ++calls;
        }
    EXPECT_EQ(calls, 9u);
    EXPECT_EQ(ids.size(), 9u);
}

TEST_F(OfflineProvider, CallsNothingWhenItMayNot) {
    request_.allow_tools = false;
    const auto reply = ask("run a dla simulation with 500 particles");
    EXPECT_EQ(reply.finish_reason, "stop");
    EXPECT_FALSE(std::get<core::TextBlock>(reply.blocks.front()).text.empty());
}

TEST_F(OfflineProvider, UsesTheToolsOfEachRequest) {
    EXPECT_EQ(ask("bake bread").finish_reason, "stop");
    tools_ = make_tools({make_tool("bake_bread", nlohmann::json::object(), {"bake bread"})});
    EXPECT_EQ(ask("bake bread").finish_reason, "tool_calls");
    tools_ = nullptr;
    EXPECT_EQ(ask("bake bread").finish_reason, "stop");
}

TEST_F(OfflineProvider, AnswersARequestWithoutAUserMessage) {
    request_.tools = tools_;
    const auto reply = run_provider(provider_, request_, nullptr);
    EXPECT_FALSE(std::get<core::TextBlock>(reply.blocks.front()).text.empty());
}

}  // namespace
}  // namespace assistd::test
