#include "core/reproduction.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"

namespace assistd::core {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const Artifact& artifact, const std::string& why) {
    throw Error(ErrorCode::conflict, artifact.handle + " cannot be reproduced: " + why);
}

const ToolSpec& tool_of(const ToolSet& tools, const Artifact& artifact) {
    if (artifact.tool.empty()) refuse(artifact, "it was uploaded, not made by a tool.");
    if (artifact.kind == "study")
        refuse(
            artifact,
            "it is the table of a study's runs; a study with the same tool, grid and seeds makes it again, "
            "and each of its simulations can be reproduced by itself.");
    const ToolSpec* tool = tools.find(artifact.tool);
    if (!tool)
        refuse(artifact,
               "the tool " + artifact.tool + ", which made it, is gone (it was of " + artifact.plugin + ").");
    if (tool->plugin == "assistd")
        refuse(artifact,
               "it was made by " + artifact.tool +
                   ", a tool of the daemon itself, whose results depend on more than its arguments.");
    if (tool->effects.destructive)
        refuse(artifact,
               artifact.tool + " changes more than its own files; run it yourself if that is wanted.");
    return *tool;
}

// The stored ones, with the seed that was drawn.
std::string arguments_of(const Artifact& artifact, const ToolSpec& tool) {
    json arguments = json::parse(artifact.parameters, nullptr, false);
    if (!arguments.is_object()) refuse(artifact, "the arguments of its call were not kept.");
    const json schema = json::parse(tool.input_schema, nullptr, false);
    const bool takes_seed = schema.is_object() && schema.value("properties", json::object()).contains("seed");
    const json seed = json::parse(artifact.seed, nullptr, false);
    if (takes_seed && !seed.is_discarded() && !artifact.seed.empty()) arguments["seed"] = seed;
    return arguments.dump();
}

Task<void> check_parents(Artifacts& artifacts, const Artifact& artifact) {
    for (const std::string& parent : artifact.parents) {
        bool gone = false;
        try {
            co_await artifacts.find(artifact.owner, parent);
        } catch (const Error& error) {
            if (error.code() != ErrorCode::not_found) throw;
            gone = true;
        }
        if (gone) refuse(artifact, parent + ", from which it was made, is gone.");
    }
}

ToolCall call_of(const Artifact& artifact, const ToolSpec& tool, std::stop_token stop) {
    ToolCall call;
    call.call_id = "call_" + Uuid::make().hex();
    call.name = tool.name;
    call.arguments = arguments_of(artifact, tool);
    call.owner = artifact.owner;
    call.project_id = artifact.project_id;
    call.caller_waits = true;
    call.as_of = artifact.created_at;
    call.stop = std::move(stop);
    return call;
}

void check_refusal(const ToolOutcome& outcome) {
    if (!outcome.refusal) return;
    using enum CallRefusal;
    const CallRefusal why = *outcome.refusal;
    if (why == rule) throw Error(ErrorCode::forbidden, outcome.summary);
    if (why != per_minute && why != per_day && why != at_once && why != quarantine) return;
    Error limited(why == quarantine ? ErrorCode::unavailable : ErrorCode::rate_limited, outcome.summary);
    if (outcome.retry_after) limited.with_retry_after(*outcome.retry_after);
    throw limited;
}

// Of what the call made: the same file by its content, else by its name, else by its kind.
std::optional<Artifact> counterpart(const Artifact& original, const std::vector<Artifact>& made) {
    const auto like = [&](auto same) -> std::optional<Artifact> {
        const auto found = std::ranges::find_if(
            made, [&](const Artifact& each) { return each.kind == original.kind && same(each); });
        if (found == made.end()) return std::nullopt;
        return *found;
    };
    if (auto one = like([&](const Artifact& each) { return each.sha256 == original.sha256; })) return one;
    if (auto one = like([&](const Artifact& each) { return each.name == original.name; })) return one;
    return like([](const Artifact&) { return true; });
}

std::vector<std::string> differing_members(const Artifact& a, const Artifact& b) {
    const json one = json::parse(a.metadata, nullptr, false), other = json::parse(b.metadata, nullptr, false);
    if (!one.is_object() || !other.is_object()) return {};
    std::set<std::string> names;
    for (const auto& [name, value] : one.items())
        if (!other.contains(name) || other.at(name) != value) names.insert(name);
    for (const auto& member : other.items())
        if (!one.contains(member.key())) names.insert(member.key());
    return {names.begin(), names.end()};
}

std::size_t read_at(const UniqueFd& file, std::int64_t offset, std::array<char, 1 << 16>& buffer) {
    for (;;) {
        const ssize_t got = ::pread(file.get(), buffer.data(), buffer.size(), offset);
        if (got >= 0) return static_cast<std::size_t>(got);
        if (errno != EINTR) throw Error(ErrorCode::unavailable, "An artifact's file cannot be read.");
    }
}

// Files on a disk give whole buffers but for their end.
std::int64_t first_difference(const UniqueFd& a, const UniqueFd& b) {
    std::array<char, 1 << 16> one{}, other{};
    for (std::int64_t offset = 0;;) {
        const std::size_t size = read_at(a, offset, one), other_size = read_at(b, offset, other);
        const std::size_t both = std::min(size, other_size);
        const auto [at, ignored] =
            std::mismatch(one.begin(), one.begin() + static_cast<long>(both), other.begin());
        const auto same = at - one.begin();
        if (static_cast<std::size_t>(same) < both || both < one.size()) return offset + same;
        offset += same;
    }
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

std::string sentence_of(const Reproduction& done) {
    const std::string& handle = done.original.handle;
    std::string text;
    if (done.original.plugin != done.plugin_now)
        text = " It was made by " + done.original.plugin + ", and " + done.plugin_now + " made it now.";
    if (done.identical) {
        text = handle + " is reproduced: the file is identical, byte for byte." + text;
        if (!done.metadata_differences.empty())
            text += " Of what is said of it, this differs: " + listed(done.metadata_differences) + ".";
        return text;
    }
    std::string differs = handle + " is not reproduced: the files differ from byte " +
                          std::to_string(done.first_difference.value_or(0)) + " on (" +
                          std::to_string(done.original.size) + " bytes then, " +
                          std::to_string(done.made->size) + " now).";
    if (!done.metadata_differences.empty())
        differs += " Of what is said of it, this differs: " + listed(done.metadata_differences) + ".";
    return differs + text + " The new one is kept as " + done.made->handle + ".";
}

// What the outcome names and the call made: not what was there before.
Task<std::vector<Artifact>> made_by(Artifacts& artifacts, const ToolOutcome& outcome,
                                    const std::string& call_id, Owner owner) {
    std::vector<Artifact> made;
    for (const ArtifactRef& ref : outcome.artifacts) {
        Artifact artifact = co_await artifacts.find(owner, ref.handle);
        if (artifact.call_id == call_id) made.push_back(std::move(artifact));
    }
    co_return made;
}

}  // namespace

Task<Reproduction> reproduce(Tools& tools, Artifacts& artifacts, Owner owner, std::string handle,
                             std::stop_token stop) {
    Reproduction done;
    done.original = co_await artifacts.find(owner, std::move(handle));
    const std::shared_ptr<const ToolSet> all = tools.all();
    const ToolSpec& tool = tool_of(*all, done.original);
    co_await check_parents(artifacts, done.original);
    done.plugin_now = tool.plugin + " " + tool.plugin_version;
    ToolCall call = call_of(done.original, tool, std::move(stop));
    const std::string call_id = call.call_id;
    const ProgressSink nobody = [](const ToolProgress&) {};
    const ToolOutcome outcome = co_await tools.execute(std::move(call), nobody);
    check_refusal(outcome);
    if (!outcome.success) {
        done.error = outcome.error;
        done.sentence =
            done.original.handle + " is not reproduced: " + tool.name + " failed. " + outcome.summary;
        co_return done;
    }
    const std::vector<Artifact> made = co_await made_by(artifacts, outcome, call_id, owner);
    done.made = counterpart(done.original, made);
    if (done.made) {
        done.identical = done.made->sha256 == done.original.sha256;
        done.metadata_differences = differing_members(done.original, *done.made);
    }
    if (done.made && !done.identical) {
        const UniqueFd then = co_await artifacts.open(done.original);
        const UniqueFd now = co_await artifacts.open(*done.made);
        done.first_difference = first_difference(then, now);
    }
    // What differs is kept to be looked at, and no second copy of anything else.
    for (const Artifact& each : made)
        if (done.identical || !done.made || each.id != done.made->id)
            co_await artifacts.remove(owner, each.handle);
    done.sentence = done.made
                        ? sentence_of(done)
                        : done.original.handle + " is not reproduced: " + tool.name +
                              " ran, but made no artifact of the kind " + done.original.kind + " this time.";
    if (done.identical) done.made->handle.clear();
    co_return done;
}

}  // namespace assistd::core
