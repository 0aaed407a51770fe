#include "upstream_script.h"

#include <fmt/format.h>

namespace assistd::bench {
namespace {

using test::ScriptedUpstream;

// The text between `before` and the next quotation mark; contents of benchmarks have none inside.
std::string_view text_after(std::string_view body, std::string_view before) {
    const std::size_t at = body.rfind(before);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = body.substr(at + before.size());
    return rest.substr(0, rest.find('"'));
}

std::string chunk(std::string_view delta, std::string_view finish_reason) {
    return ScriptedUpstream::event(fmt::format(
        R"({{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench-1","choices":[{{"index":0,"delta":{},"finish_reason":{}}}]}})",
        delta, finish_reason));
}

const std::string& usage_and_end() {
    static const std::string text = ScriptedUpstream::event(test::chunk_usage(120, 20)) +
                                    ScriptedUpstream::event("[DONE]") + ScriptedUpstream::stream_end();
    return text;
}

ScriptedUpstream::Reply say(const std::string& sentence) {
    const std::size_t half = sentence.size() / 2;
    return ScriptedUpstream::raw(
        ScriptedUpstream::stream_head() +
        chunk(fmt::format(R"({{"role":"assistant","content":"{}"}})", sentence.substr(0, half)), "null") +
        chunk(fmt::format(R"({{"content":"{}"}})", sentence.substr(half)), "null") + chunk("{}", "\"stop\"") +
        usage_and_end());
}

ScriptedUpstream::Reply call_echo(std::string_view content) {
    const std::string begin =
        R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_bench","type":"function","function":{"name":"echo","arguments":""}}]})";
    const std::string arguments = fmt::format(
        R"({{"tool_calls":[{{"index":0,"function":{{"arguments":"{{\"text\":\"{}\"}}"}}}}]}})", content);
    return ScriptedUpstream::raw(ScriptedUpstream::stream_head() + chunk(begin, "null") +
                                 chunk(arguments, "null") + chunk("{}", "\"tool_calls\"") + usage_and_end());
}

}  // namespace

std::string expected_reply(std::string_view content) {
    return fmt::format("The tool says {}.", content);
}

ScriptedUpstream::Reply answer_like_a_model(const ScriptedUpstream::Request& request) {
    const std::string_view content = text_after(request.body, R"("role":"user","content":")");
    const std::size_t user = request.body.rfind(R"("role":"user")");
    const std::size_t tool = request.body.rfind(R"("role":"tool")");
    const bool answers_tool = tool != std::string_view::npos && tool > user;
    if (content.starts_with("plain")) return say(expected_reply(content));
    if (!answers_tool) return call_echo(content);
    // The result is JSON inside a JSON string; the content itself needs no escapes there.
    const bool echoed = request.body.substr(tool).find(content) != std::string_view::npos;
    return say(echoed ? expected_reply(content) : "The tool did not say what it was asked to.");
}

}  // namespace assistd::bench
