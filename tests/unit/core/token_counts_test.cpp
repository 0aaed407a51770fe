// The estimate of a prompt beside what real tokenizers count, over recorded conversations.

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/tokens.h"
#include "core/turn_context.h"
#include "store/store.h"
#include "support/folders.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::core {
namespace {

using nlohmann::json;

MessagePtr message_of(const json& sent) {
    Message message;
    const std::string role = sent["role"];
    const std::string content = sent["content"].is_string() ? sent["content"].get<std::string>() : "";
    if (role == "tool") {
        message.role = Role::tool;
        message.blocks.push_back(ToolResultBlock{sent["tool_call_id"], "", content, true});
        return std::make_shared<const Message>(message);
    }
    message.role = role == "user" ? Role::user : Role::assistant;
    if (!content.empty()) message.blocks.push_back(TextBlock{content});
    for (const json& call : sent.value("tool_calls", json::array()))
        message.blocks.push_back(
            ToolCallBlock{call["id"], call["function"]["name"], call["function"]["arguments"]});
    return std::make_shared<const Message>(message);
}

std::int64_t estimated_prompt(const json& recording) {
    ToolSet tools;
    for (const json& tool : recording["tools"]) {
        ToolSpec spec;
        spec.name = tool["name"];
        spec.description = tool["description"];
        spec.input_schema = tool["schema"];
        tools.tools.push_back(std::make_shared<const ToolSpec>(spec));
    }
    return estimate_tokens(recording["system"].get<std::string>()) + estimate_tokens(tools);
}

struct Case {
    std::string tokenizer;
    bool with_prompt;  // the system prompt and the tools; without them the messages are all
};

class TokenCounts : public testing::TestWithParam<Case> {
  protected:
    // Worst relative error of all requests of a conversation that came after the first report.
    double worst_error(const json& conversation, std::int64_t prompt, std::int64_t counted_prompt) {
        ContextManager contexts(storage_->store(), {});
        Conversation before;
        before.id = ConversationId::make();
        double worst = 0;
        const json& requests = conversation["requests"];
        for (std::size_t i = 0; i < requests.size();) {
            TurnContext context(contexts, before, TurnId::make());
            const int turn = requests[i]["turn"];
            std::int64_t messages = 0;
            for (bool loaded = false; i < requests.size() && requests[i]["turn"] == turn; ++i) {
                std::vector<MessagePtr> news;
                for (const json& sent : requests[i]["new"]) news.push_back(message_of(sent));
                if (!loaded && i > 0) {
                    // The last turn's answer comes first; it had been remembered with its turn.
                    EXPECT_EQ(news.front()->role, Role::assistant);
                    news.erase(news.begin());
                }
                messages += static_cast<std::int64_t>(news.size());
                if (!loaded)
                    io_.run(context.load({nullptr, "main", "m", 200'000}, {prompt}, std::move(news)));
                else
                    for (MessagePtr& one : news) context.add(std::move(one));
                loaded = true;
                const std::int64_t counted =
                    requests[i]["counted"][GetParam().tokenizer].get<std::int64_t>() - counted_prompt;
                if (i > 0) {
                    const auto expected = static_cast<double>(context.expected_tokens());
                    worst = std::max(worst, std::abs(expected / static_cast<double>(counted) - 1));
                }
                context.reported(counted);
            }
            if (i < requests.size()) {
                context.add(message_of(requests[i]["new"][0]));
                context.remember();
                before.message_count += messages + 1;
            }
        }
        return worst;
    }

    test::TempFolder folder_;
    test::IoThreads io_;
    std::unique_ptr<store::Storage> storage_ = store::open_store({.folder = folder_.path()});
};

TEST_P(TokenCounts, AreRightToATenthAfterTheFirstReport) {
    std::ifstream file(test::source_folder() / "tests/unit/core/exchanges/exchanges.json");
    const json recording = json::parse(file);
    const std::int64_t prompt = GetParam().with_prompt ? estimated_prompt(recording) : 0;
    const std::int64_t counted =
        GetParam().with_prompt ? 0 : recording["prompt"][GetParam().tokenizer].get<std::int64_t>();
    for (const json& conversation : recording["conversations"]) {
        const double error = worst_error(conversation, prompt, counted);
        EXPECT_LE(error, 0.1) << conversation["language"];
    }
}

INSTANTIATE_TEST_SUITE_P(Tokenizers, TokenCounts,
                         testing::Values(Case{"o200k", true}, Case{"llama3", true}, Case{"claude", true},
                                         Case{"o200k", false}, Case{"llama3", false}, Case{"claude", false}),
                         [](const auto& test) {
                             return test.param.tokenizer + (test.param.with_prompt ? "WithTools" : "Bare");
                         });

}  // namespace
}  // namespace assistd::core
