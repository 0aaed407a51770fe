#pragma once
// Asks a provider over a real socket, for the providers' tests.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>

#include "base/error.h"
#include "providers/model_server.h"
#include "support/scripted_upstream.h"
#include "unit/providers/history.h"

namespace assistd::providers {

inline constexpr const char* secret = "sk-very-secret-0123456789";

class ProviderFixture : public testing::Test {
  protected:
    ~ProviderFixture() override { pool_.join(); }

    // With a provider of this kind, named "main".
    template <class Provider, class Settings>
    core::ProviderReply ask_with(Settings settings, const std::string& url, std::stop_token stop = {},
                                 std::shared_ptr<core::Artifacts> artifacts = nullptr) {
        settings.name = "main";
        settings.base_url = url;
        settings.api_key = secret;
        settings.limits.idle = std::chrono::milliseconds(300);
        settings.limits.total = std::chrono::seconds(3);
        Provider provider(settings, client_, artifacts);
        core::ProviderRequest request = request_of(messages_);
        request.tools = tools_;
        request.stop = std::move(stop);
        const core::TextSink sink = [this](std::string_view text) { heard_ += text; };
        return asio::co_spawn(asio::make_strand(pool_.get_executor()), provider.generate(request, sink),
                              asio::use_future)
            .get();
    }

    template <class Provider, class Settings>
    ProviderError failure_with(Settings settings, const test::ScriptedUpstream::Reply& reply) {
        test::ScriptedUpstream upstream([&](const test::ScriptedUpstream::Request&) { return reply; });
        try {
            ask_with<Provider>(settings, upstream.url());
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
    std::string heard_;
};

}  // namespace assistd::providers
