#include "tools/study_table.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "core/study_json.h"

namespace assistd::tools {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

void write_all(int fd, std::string_view left) {
    while (!left.empty()) {
        const ssize_t written = ::write(fd, left.data(), left.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0)
            throw Error(ErrorCode::unavailable,
                        std::string("A study's table cannot be written: ") + std::strerror(errno) + ".");
        left.remove_prefix(static_cast<std::size_t>(written));
    }
}

ordered_json description(const core::Study& study) {
    return {{"id", study.id.text()},
            {"name", study.name},
            {"tool", study.tool},
            {"then", study.then.empty() ? ordered_json() : ordered_json(study.then)},
            {"base_parameters", ordered_json::parse(study.base_parameters)},
            {"parameter_grid", ordered_json::parse(study.parameter_grid)},
            {"seeds_per_combination", study.seeds_per_combination},
            {"runs", study.runs},
            {"status", core::name_of(study.state)},
            {"completed", study.counts.completed},
            {"failed", study.counts.failed}};
}

std::string text_of(const ordered_json& value) {
    return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

Task<std::string> keep_table(core::StudyStore& store, core::Artifacts& artifacts, core::Study study) {
    core::ArtifactDraft draft;
    draft.file = artifacts.new_file();
    const ordered_json about = description(study);
    write_all(draft.file.get(), "{\"study\": " + text_of(about) + ",\n\"runs\": [");
    core::StudyRunQuery query;
    query.owner = study.owner;
    query.study = study.id;
    query.limit = table_page;
    bool first = true;
    do {
        core::Page<core::StudyRun> page = co_await store.runs(query);
        std::string rows;
        for (const core::StudyRun& run : page.items) {
            rows += std::exchange(first, false) ? "\n" : ",\n";
            rows += text_of(core::to_json(run));
        }
        write_all(draft.file.get(), rows);
        query.cursor = std::move(page.next);
    } while (!query.cursor.empty());
    write_all(draft.file.get(), "\n]}\n");

    draft.about.owner = study.owner;
    draft.about.kind = "study";
    draft.about.name = "study.json";
    draft.about.media_type = "application/json";
    draft.about.project_id = study.project_id;
    draft.about.call_id = study.call_prefix();
    draft.about.tool = study.tool;
    draft.about.parameters = study.base_parameters;
    draft.about.metadata = text_of(about);
    std::vector<core::ArtifactDraft> drafts;
    drafts.push_back(std::move(draft));
    const std::vector<core::Artifact> stored = co_await artifacts.add(std::move(drafts));
    co_return stored.front().handle;
}

std::optional<StudyId> study_of_table(const core::Artifact& artifact) {
    if (artifact.kind != "study") return std::nullopt;
    const json about = json::parse(artifact.metadata, nullptr, false);
    const auto id = about.is_object() ? about.find("id") : about.end();
    if (id == about.end() || !id->is_string()) return std::nullopt;
    return StudyId::parse(id->get<std::string>());
}

std::string counts_text(const core::Study& study) {
    std::string text = std::to_string(study.counts.completed) + " of " + std::to_string(study.runs) +
                       (study.runs == 1 ? " run completed" : " runs completed");
    if (study.counts.failed > 0) text += ", " + std::to_string(study.counts.failed) + " failed";
    return text;
}

std::optional<core::Message> end_notice(const core::Study& study) {
    if (study.conversation.is_nil()) return std::nullopt;
    const bool cancelled = study.state == core::StudyState::cancelled;
    core::Message message;
    message.id = MessageId::make();
    message.conversation = study.conversation;
    message.role = core::Role::system;
    message.blocks.push_back(core::TextBlock{"The study \"" + study.name + "\" of " + study.tool +
                                             (cancelled ? " was cancelled: " : " finished: ") +
                                             counts_text(study) + " (" + study.artifact + ")."});
    message.created_at = now();
    return message;
}

}  // namespace assistd::tools
