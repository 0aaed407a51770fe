#include "tools/catalogue.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/logging.h"
#include "tools/catalogue_query.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;
using nlohmann::json;

// The store is asked for so many rows at a time; a question is answered from the newest of them, and a call
// has so many in all.
constexpr int rows_at_a_time = 100;
constexpr std::size_t rows_of_a_question = 10'000;
constexpr std::size_t rows_of_a_call = 100'000;
constexpr std::size_t largest_answer = 4 << 20;

// Why a question is not answered: the call's own fault.
struct Refused {
    ToolErrorType type;
    std::string sentence;
};

// The items of an answer, as many as were wanted and as fit.
class Items {
  public:
    explicit Items(std::size_t limit) : limit_(limit) {}

    // False when there is no room for it.
    bool add(json item) {
        std::string text = item.dump(-1, ' ', false, json::error_handler_t::replace);
        more_ = count_ == limit_ || text_.size() + text.size() > largest_answer;
        if (more_) return false;
        text_ += (count_++ == 0 ? "" : ",") + std::move(text);
        return true;
    }
    void there_may_be_more() { more_ = true; }

    HostReply reply(const char* name) const {
        HostReply reply;
        reply.answer.good = true;
        reply.answer.text =
            std::string("{\"") + name + "\":[" + text_ + "],\"more\":" + (more_ ? "true" : "false") + "}";
        return reply;
    }

  private:
    const std::size_t limit_;
    std::size_t count_ = 0;
    std::string text_;
    bool more_ = false;
};

HostReply good() {
    HostReply reply;
    reply.answer.good = true;
    reply.answer.text = "{}";
    return reply;
}

std::string listed(const std::vector<std::string>& names) {
    std::string text;
    for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

}  // namespace

HostReply Catalogue::refusal(ToolErrorType type, const std::string& sentence) {
    HostReply reply;
    reply.answer.text = json{{"error_type", core::name_of(type)}, {"message", sentence}}.dump(
        -1, ' ', false, json::error_handler_t::replace);
    return reply;
}

CallCatalogue::CallCatalogue(Sources sources, std::shared_ptr<const core::ToolSpec> spec,
                             const core::ToolCall& call, std::stop_token stop)
    : sources_(std::move(sources)),
      spec_(std::move(spec)),
      owner_(call.owner),
      as_of_(call.as_of),
      stop_(std::move(stop)) {}

Task<HostReply> CallCatalogue::answer(HostQuestion question) {
    HostReply reply;
    try {
        reply = co_await answer_or_throw(std::move(question));
    } catch (const Refused& refused) {
        reply = refusal(refused.type, refused.sentence);
    } catch (const Error& error) {
        const bool own_fault = error.code() == ErrorCode::validation || error.code() == ErrorCode::not_found;
        if (!own_fault) log::warn("a look-up failed tool={} error={}", spec_->name, error.what());
        reply = refusal(own_fault ? ToolErrorType::ValidationError : ToolErrorType::InternalError,
                        own_fault ? error.what() : "What there is already cannot be looked up now.");
    } catch (const std::exception& error) {
        log::error("a look-up threw tool={} error={}", spec_->name, error.what());
        reply = refusal(ToolErrorType::InternalError, "What there is already cannot be looked up now.");
    }
    co_return reply;
}

Task<HostReply> CallCatalogue::answer_or_throw(HostQuestion question) {
    if (++questions_ > max_questions)
        throw Refused{ToolErrorType::QuotaExceededError,
                      "The call has looked things up as often as a call may."};
    switch (question.kind) {
        case HostQuestionKind::find_artifacts:
            co_return co_await find_artifacts(std::move(question.text));
        case HostQuestionKind::find_jobs:
            co_return co_await find_jobs(std::move(question.text));
        case HostQuestionKind::open_artifact:
            co_return co_await open(std::move(question.text));
        case HostQuestionKind::add_to_result:
            break;
    }
    co_return co_await add(std::move(question.text));
}

bool CallCatalogue::was_there(const core::Artifact& artifact) const {
    return !as_of_ || artifact.created_at < *as_of_;
}

bool CallCatalogue::may_see(std::string_view kind) const {
    return std::ranges::find(spec_->looks_up, kind) != spec_->looks_up.end();
}

void CallCatalogue::check_may_see(std::string_view kind) const {
    if (may_see(kind)) return;
    const std::string what = kind == "jobs" ? "jobs" : "artifacts of the kind " + std::string(kind);
    throw Refused{ToolErrorType::PermissionError, "The tool " + spec_->name + " may not look up " + what +
                                                      "; its manifest names " + listed(spec_->looks_up) +
                                                      "."};
}

void CallCatalogue::count_rows(std::size_t rows) {
    rows_ += rows;
    if (rows_ > rows_of_a_call)
        throw Refused{ToolErrorType::QuotaExceededError,
                      "The call has looked through as much as a call may; it should ask for less."};
    if (stop_.stop_requested()) throw Refused{ToolErrorType::CancelledError, "The call was cancelled."};
}

Task<HostReply> CallCatalogue::find_artifacts(std::string text) {
    ArtifactLookUp wanted = read_artifact_look_up(text);
    for (const std::string& kind : wanted.query.kinds) check_may_see(kind);
    if (wanted.query.kinds.empty()) wanted.query.kinds = spec_->looks_up;
    std::erase(wanted.query.kinds, "jobs");
    if (wanted.query.kinds.empty()) check_may_see("any");
    wanted.query.owner = owner_;
    wanted.query.limit = rows_at_a_time;
    Items items(wanted.limit);
    if (!wanted.handle.empty()) {
        std::optional<core::Artifact> named = co_await find_if_there(wanted.handle);
        if (named && wanted.fits_wholly(*named)) items.add(told_of(*named));
        co_return items.reply("artifacts");
    }
    for (std::size_t rows = 0;;) {
        const core::Page<core::Artifact> page = co_await sources_.artifacts->list(wanted.query);
        count_rows(page.items.size());
        rows += page.items.size();
        for (const core::Artifact& artifact : page.items)
            if (was_there(artifact) && wanted.fits(artifact) && !items.add(told_of(artifact)))
                co_return items.reply("artifacts");
        if (page.next.empty()) co_return items.reply("artifacts");
        if (rows >= rows_of_a_question) break;
        wanted.query.cursor = page.next;
    }
    items.there_may_be_more();
    co_return items.reply("artifacts");
}

Task<HostReply> CallCatalogue::find_jobs(std::string text) {
    check_may_see("jobs");
    const JobLookUp wanted = read_job_look_up(text);
    for (const std::string& tool : wanted.tools)
        if (!sources_.plugin_tools.contains(tool))
            throw Refused{ToolErrorType::PermissionError, "The tool " + spec_->name +
                                                              " may look up jobs of its own plugin, and " +
                                                              tool + " is not a tool of it."};
    Items items(wanted.limit);
    if (!sources_.store) co_return items.reply("jobs");
    core::JobQuery query;
    query.owner = owner_;
    query.limit = rows_at_a_time;
    if (wanted.states.size() == 1) query.state = wanted.states.front();
    for (std::size_t rows = 0;;) {
        const core::Page<core::Job> page = co_await sources_.store->jobs(query);
        count_rows(page.items.size());
        rows += page.items.size();
        for (const core::Job& job : page.items) {
            if (!sources_.plugin_tools.contains(job.tool) || !wanted.fits(job)) continue;
            const core::Job now = co_await with_progress(job);
            // It may have ended meanwhile.
            if (wanted.fits(now) && !items.add(told_of(now))) co_return items.reply("jobs");
        }
        if (page.next.empty()) co_return items.reply("jobs");
        if (rows >= rows_of_a_question) break;
        query.cursor = page.next;
    }
    items.there_may_be_more();
    co_return items.reply("jobs");
}

Task<core::Job> CallCatalogue::with_progress(core::Job job) {
    if (job.state != core::JobState::running || !sources_.jobs) co_return job;
    co_return co_await sources_.jobs->status(owner_, job.id);
}

Task<core::Artifact> CallCatalogue::find(std::string handle) {
    core::Artifact artifact = co_await sources_.artifacts->find(owner_, std::move(handle));
    if (!was_there(artifact))
        throw Error(ErrorCode::not_found, "There was no artifact " + artifact.handle + " at that time.");
    check_may_see(artifact.kind);
    co_return artifact;
}

Task<std::optional<core::Artifact>> CallCatalogue::find_if_there(std::string handle) {
    std::optional<core::Artifact> found;
    try {
        found = co_await find(std::move(handle));
    } catch (const Error& error) {
        if (error.code() != ErrorCode::not_found) throw;
    }
    co_return found;
}

Task<HostReply> CallCatalogue::open(std::string handle) {
    const core::Artifact artifact = co_await find(std::move(handle));
    {
        const std::lock_guard lock(mutex_);
        if (opened_.size() >= max_opened_artifacts)
            throw Refused{ToolErrorType::QuotaExceededError,
                          "The call has opened as many artifacts as a call may."};
        opened_.push_back(artifact.handle);
    }
    HostReply reply = good();
    reply.files.push_back(co_await sources_.artifacts->open(artifact));
    reply.answer.artifacts.push_back({artifact.handle, artifact.kind, artifact.name, artifact.media_type,
                                      artifact.metadata, static_cast<std::uint64_t>(artifact.size)});
    co_return reply;
}

Task<HostReply> CallCatalogue::add(std::string handle) {
    const core::Artifact artifact = co_await find(std::move(handle));
    const std::lock_guard lock(mutex_);
    const bool known =
        std::ranges::any_of(added_, [&](const core::ArtifactRef& ref) { return ref.id == artifact.id; });
    if (!known && added_.size() >= max_added_artifacts)
        throw Refused{ToolErrorType::QuotaExceededError,
                      "The call has added as many artifacts to its result as a call may."};
    if (!known)
        added_.push_back(
            {artifact.id, artifact.handle, artifact.kind, artifact.name, artifact.media_type, artifact.size});
    co_return good();
}

std::vector<std::string> CallCatalogue::opened() const {
    const std::lock_guard lock(mutex_);
    return opened_;
}

std::vector<core::ArtifactRef> CallCatalogue::added() const {
    const std::lock_guard lock(mutex_);
    return added_;
}

}  // namespace assistd::tools
