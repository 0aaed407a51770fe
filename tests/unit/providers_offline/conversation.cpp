#include "conversation.h"

#include <filesystem>
#include <fstream>
#include <set>

#include "base/error.h"
#include "support/folders.h"
#include "tools/builtin_specs.h"
#include "tools/deletion_tool.h"
#include "tools/study_specs.h"

namespace assistd::test {
namespace {

using nlohmann::json;

std::vector<std::string> strings(const json& tool, const char* key) {
    return tool.contains(key) ? tool[key].get<std::vector<std::string>>() : std::vector<std::string>();
}

std::shared_ptr<core::ToolSpec> read_tool(const json& tool) {
    auto spec = std::make_shared<core::ToolSpec>();
    spec->name = tool.at("name");
    spec->title = tool.value("title", "");
    spec->description = tool.at("description");
    spec->category = tool.at("category");
    spec->input_schema = tool.at("input").dump();
    spec->output_schema = tool.value("output", json::object()).dump();
    spec->phrases = strings(tool, "phrases");
    spec->options = strings(tool, "options");
    spec->effects.writes = tool.value("effects", json::object()).value("writes", false);
    return spec;
}

void read_folder(const std::string& folder, std::vector<std::shared_ptr<core::ToolSpec>>& tools) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.path().filename().string().ends_with(".plugin.json")) continue;
        std::ifstream file(entry.path());
        const json manifest = json::parse(file);
        for (const json& tool : manifest.at("tools")) tools.push_back(read_tool(tool));
    }
}

}  // namespace

std::shared_ptr<const core::ToolSet> make_tools(std::vector<std::shared_ptr<core::ToolSpec>> tools) {
    static std::uint64_t version = 0;
    auto set = std::make_shared<core::ToolSet>();
    std::sort(tools.begin(), tools.end(), [](const auto& a, const auto& b) { return a->name < b->name; });
    set->version = ++version;
    set->tools.assign(tools.begin(), tools.end());
    return set;
}

std::shared_ptr<const core::ToolSet> shipped_tools() {
    std::vector<std::shared_ptr<core::ToolSpec>> tools;
    // As the build completed them.
    for (const char* plugin : {"simulation", "analysis", "export"})
        read_folder(test::build_folder() / "plugins" / plugin, tools);
    for (const auto& spec : assistd::tools::builtin_specs())
        tools.push_back(std::make_shared<core::ToolSpec>(*spec));
    for (const auto& spec : assistd::tools::deletion_specs())
        tools.push_back(std::make_shared<core::ToolSpec>(*spec));
    for (const auto& spec : assistd::tools::study_specs())
        tools.push_back(std::make_shared<core::ToolSpec>(*spec));
    return make_tools(std::move(tools));
}

std::shared_ptr<core::ToolSpec> make_tool(const std::string& name, const json& properties,
                                          std::vector<std::string> phrases,
                                          std::vector<std::string> options) {
    auto spec = std::make_shared<core::ToolSpec>();
    spec->name = name;
    spec->description = "Does " + name + ".";
    spec->category = "test";
    json required = json::array();
    for (const auto& [key, value] : properties.items())
        if (!value.contains("default") && !value.value("optional", false)) required.push_back(key);
    spec->input_schema = json{{"type", "object"}, {"properties", properties}, {"required", required}}.dump();
    spec->effects.writes = true;
    spec->phrases = std::move(phrases);
    spec->options = std::move(options);
    return spec;
}

void FakeArtifacts::put(const std::string& handle, const std::string& tool) {
    core::Artifact artifact;
    artifact.handle = handle;
    artifact.kind = handle.substr(0, handle.rfind('-'));
    artifact.tool = tool;
    artifact.created_at = from_micros(static_cast<std::int64_t>(all.size()) + 1);
    all.push_back(std::move(artifact));
}

Task<std::vector<core::Artifact>> FakeArtifacts::add(std::vector<core::ArtifactDraft>) {
    throw Error(ErrorCode::internal, "The provider must not store artifacts.");
    co_return std::vector<core::Artifact>();
}

Task<core::Artifact> FakeArtifacts::find(core::Owner, std::string handle) {
    for (const core::Artifact& artifact : all)
        if (artifact.handle == handle) co_return artifact;
    throw Error(ErrorCode::not_found, "There is no artifact " + handle + ".");
}

Task<core::Page<core::Artifact>> FakeArtifacts::list(core::ArtifactQuery query) {
    core::Page<core::Artifact> page;
    if (query.owner != "local") throw Error(ErrorCode::internal, "The query names no owner.");
    const auto limit = static_cast<std::size_t>(query.limit);
    std::size_t at = query.cursor.empty() ? 0 : std::stoul(query.cursor);
    for (; at < all.size() && page.items.size() < limit; ++at) {
        const core::Artifact& artifact = all[all.size() - 1 - at];
        const bool is_of_kinds =
            query.kinds.empty() || std::ranges::find(query.kinds, artifact.kind) != query.kinds.end();
        if (is_of_kinds && (query.kind.empty() || artifact.kind == query.kind))
            page.items.push_back(artifact);
    }
    if (at < all.size()) page.next = std::to_string(at);
    co_return page;
}

Task<UniqueFd> FakeArtifacts::open(core::Artifact) {
    co_return UniqueFd();
}
Task<void> FakeArtifacts::remove(core::Owner, std::string) {
    co_return;
}

core::ProviderReply run_provider(core::Provider& provider, const core::ProviderRequest& request,
                                 const core::TextSink& sink) {
    boost::asio::io_context io;
    core::ProviderReply reply;
    std::exception_ptr failure;
    boost::asio::co_spawn(io, provider.generate(request, sink),
                          [&](std::exception_ptr error, core::ProviderReply done) {
                              failure = error;
                              reply = std::move(done);
                          });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return reply;
}

Conversation::Conversation(std::shared_ptr<const core::ToolSet> tools)
    : tools_(std::move(tools)), provider_(artifacts) {
    runner = [this](const std::string& tool, const json& arguments) {
        return default_result(tool, arguments);
    };
}

json Conversation::default_result(const std::string& tool, const json&) {
    static const std::map<std::string, std::string> kinds{{"run_dla_simulation", "simulation"},
                                                          {"run_cca_simulation", "simulation"},
                                                          {"run_ballistic_simulation", "simulation"},
                                                          {"run_ballistic_cc_simulation", "simulation"},
                                                          {"run_eden_simulation", "simulation"},
                                                          {"run_limiting_case", "simulation"},
                                                          {"run_simulation", "simulation"},
                                                          {"run_tunable_simulation", "simulation"},
                                                          {"run_box_counting", "analysis"},
                                                          {"compare_simulations", "comparison"},
                                                          {"export_geometry", "geometry"},
                                                          {"export_simulation_csv", "table"},
                                                          {"generate_plot", "plot"},
                                                          {"export_latex_table", "table"},
                                                          {"generate_latex_report", "report"},
                                                          {"generate_docx_report", "report"}};
    json body{{"success", true}, {"data", json::object()}};
    const auto kind = kinds.find(tool);
    if (kind == kinds.end()) return body;
    const std::string handle = kind->second + "-" + std::to_string(100 + ++numbers_[kind->second]);
    body["summary"] = "Made " + handle + ".";
    body["artifacts"] = json::array({{{"handle", handle}, {"kind", kind->second}}});
    return body;
}

void Conversation::add(core::Role role, std::vector<core::Block> blocks) {
    auto message = std::make_shared<core::Message>();
    message->id = MessageId::make();
    message->role = role;
    message->blocks = std::move(blocks);
    messages.push_back(std::move(message));
}

std::string Conversation::say(const std::string& text) {
    add(core::Role::user, {core::TextBlock{text}});
    calls_.clear();
    call_ids_.clear();
    for (int round = 0;; ++round) {
        core::ProviderRequest request;
        request.messages = messages;
        request.tools = tools_;
        request.owner = "local";
        request.allow_tools = round < max_rounds;
        std::string streamed;
        core::ProviderReply reply =
            run_provider(provider_, request, [&](std::string_view piece) { streamed += piece; });
        add(core::Role::assistant, reply.blocks);
        const auto wanted = messages.back()->tool_calls();
        if (wanted.empty()) {
            EXPECT_EQ(streamed, messages.back()->text());
            EXPECT_EQ(reply.finish_reason, "stop");
            return streamed;
        }
        EXPECT_EQ(reply.finish_reason, "tool_calls");
        EXPECT_TRUE(request.allow_tools);
        std::vector<core::Block> results;
        std::string round_calls;
        for (const core::ToolCallBlock& call : wanted) {
            round_calls += (round_calls.empty() ? "" : " | ") + call.name + " " + call.arguments;
            call_ids_.push_back(call.call_id);
            const json body = runner(call.name, json::parse(call.arguments));
            core::ToolResultBlock result;
            result.call_id = call.call_id;
            result.name = call.name;
            result.content = body.dump();
            result.success = body.contains("success") && body["success"] == true;
            results.push_back(std::move(result));
        }
        calls_ += (calls_.empty() ? "" : " > ") + round_calls;
        for (core::Block& result : results) add(core::Role::tool, {std::move(result)});
    }
}

void check_sentences(const std::vector<Row>& rows, const std::function<void(Conversation&)>& furnish) {
    const auto tools = shipped_tools();
    for (const Row& row : rows) {
        Conversation conversation(tools);
        if (furnish) furnish(conversation);
        const std::string reply = conversation.say(row.sentence);
        EXPECT_EQ(conversation.calls(), row.calls) << row.sentence << "\n  " << reply;
        EXPECT_NE(reply.find(row.says), std::string::npos) << row.sentence << "\n  " << reply;
        EXPECT_FALSE(reply.empty()) << row.sentence;
    }
}

}  // namespace assistd::test
