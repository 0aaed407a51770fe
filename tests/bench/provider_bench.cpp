#include "provider_bench.h"

#include <fmt/format.h>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>
#include <stdexcept>

#include "daemon_process.h"
#include "load.h"
#include "providers/openai/provider.h"
#include "support/scripted_upstream.h"
#include "upstream_script.h"

namespace assistd::bench {
namespace {

using Clock = std::chrono::steady_clock;

struct Asked {
    Latencies latencies;
    std::size_t wrong = 0;
};

std::shared_ptr<const core::Message> user_message(const std::string& text) {
    core::Message message;
    message.role = core::Role::user;
    message.blocks.emplace_back(core::TextBlock{text});
    return std::make_shared<const core::Message>(message);
}

// Asks again and again; each client on a strand of its own, as turns are.
Task<Asked> ask_for_a_while(std::shared_ptr<core::Provider> provider, int client, Clock::time_point until) {
    const std::string content = fmt::format("plain {}", client);
    const std::vector<std::shared_ptr<const core::Message>> messages{user_message(content)};
    core::ProviderRequest request;
    request.model = "bench";
    const std::string system(900, 's');
    request.system = system;
    request.messages = messages;
    Asked asked;
    std::string heard;
    while (Clock::now() < until) {
        heard.clear();
        const auto begun = Clock::now();
        const core::TextSink sink = [&heard](std::string_view text) { heard += text; };
        const core::ProviderReply reply = co_await provider->generate(request, sink);
        asked.latencies.add(Clock::now() - begun);
        if (heard != expected_reply(content) || reply.finish_reason != "stop") ++asked.wrong;
    }
    co_return asked;
}

}  // namespace

std::string bench_provider(int at_once, double seconds) {
    test::ScriptedUpstream upstream(answer_like_a_model);
    const auto client = std::make_shared<HttpClient>();
    providers::OpenAiSettings settings;
    settings.name = "bench";
    settings.base_url = upstream.url();
    const auto provider = providers::make_provider(settings, client);
    asio::thread_pool pool(2);
    const auto cpu_before = own_cpu();
    const auto begun = Clock::now();
    const auto until =
        begun + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::vector<std::future<Asked>> all;
    for (int i = 0; i < at_once; ++i) {
        all.push_back(asio::co_spawn(asio::make_strand(pool.get_executor()),
                                     ask_for_a_while(provider, i, until), asio::use_future));
    }
    std::size_t count = 0;
    std::size_t wrong = 0;
    double p50 = 0;
    for (auto& one : all) {
        const Asked asked = one.get();
        count += asked.latencies.count();
        wrong += asked.wrong;
        p50 += asked.latencies.ms(0.5) / at_once;
    }
    const double time = std::chrono::duration<double>(Clock::now() - begun).count();
    const auto cpu = static_cast<double>((own_cpu() - cpu_before).count());
    if (wrong > 0) throw std::runtime_error(fmt::format("{} of {} replies were wrong.", wrong, count));
    return fmt::format(
        "{} at once: {:.0f} calls/s, p50 {:.3f} ms, {:.0f} us of processor time a call, {} connections\n",
        at_once, static_cast<double>(count) / time, p50, cpu / static_cast<double>(count),
        upstream.connections());
}

}  // namespace assistd::bench
