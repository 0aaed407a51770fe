#pragma once
// Asks a provider over a real socket, for the providers' tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>

#include "base/error.h"
#include "support/scripted_upstream.h"
#include "unit/providers/history.h"
#include "unit/providers/renderings.h"
#include "unit/providers/streams.h"

namespace assistd::providers {

using nlohmann::json;
using test::ScriptedUpstream;
using testing::HasSubstr;
using namespace std::chrono_literals;

inline constexpr const char* secret = "sk-very-secret-0123456789";

class ProviderFixture : public testing::Test {
  protected:
    ~ProviderFixture() override { pool_.join(); }

    // With a provider of this kind, named "main".
    template <class Settings>
    core::ProviderReply ask_with(Settings settings, const std::string& url, std::stop_token stop = {},
                                 std::shared_ptr<core::Artifacts> artifacts = nullptr) {
        settings.name = "main";
        settings.base_url = url;
        settings.api_key = secret;
        settings.limits.idle = std::chrono::milliseconds(300);
        settings.limits.total = std::chrono::seconds(3);
        settings.headers.insert(settings.headers.end(), headers_.begin(), headers_.end());
        const auto provider = make_provider(settings, client_, artifacts);
        core::ProviderRequest request = request_of(messages_);
        request.tools = tools_;
        request.stop = std::move(stop);
        request.wants_prose = wants_prose_;
        request.lost_usage = [this](const core::Usage& usage) { lost_ += usage; };
        const core::TextSink sink = [this](std::string_view text) {
            heard_ += text;
            if (on_text_) on_text_();
        };
        return asio::co_spawn(asio::make_strand(pool_.get_executor()), provider->generate(request, sink),
                              asio::use_future)
            .get();
    }

    template <class Settings>
    ProviderError failure_with(Settings settings, const test::ScriptedUpstream::Reply& reply) {
        test::ScriptedUpstream upstream([&](const test::ScriptedUpstream::Request&) { return reply; });
        try {
            ask_with(settings, upstream.url());
        } catch (const ProviderError& error) {
            EXPECT_THAT(error.what(), testing::HasSubstr("\"main\""));
            EXPECT_THAT(error.what(), testing::Not(testing::HasSubstr(secret)));
            return error;
        }
        ADD_FAILURE() << "nothing was thrown";
        return {ErrorCode::internal, "", {UpstreamFault::busy, ""}};
    }

    // `ask` asks `upstream` with a stop that comes while the reply is on its way.
    template <class Ask>
    static void expect_cancelled(const test::ScriptedUpstream& upstream, Ask ask) {
        try {
            ask();
            ADD_FAILURE() << "it was not stopped";
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::cancelled);
        }
        wait_until_closed(upstream);
    }
    static void wait_until_closed(const test::ScriptedUpstream& upstream) {
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
        while (upstream.open_connections() > 0 && std::chrono::steady_clock::now() < deadline)
            std::this_thread::yield();
        EXPECT_EQ(upstream.open_connections(), 0u);
    }

    asio::thread_pool pool_{1};
    std::shared_ptr<HttpClient> client_ = std::make_shared<HttpClient>();
    Messages messages_{user("Hello")};
    std::shared_ptr<const core::ToolSet> tools_;
    std::vector<std::string> headers_;
    bool wants_prose_ = false;
    std::function<void()> on_text_;
    std::string heard_;
    core::Usage lost_;  // what was told of it
};

}  // namespace assistd::providers
