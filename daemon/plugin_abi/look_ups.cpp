#include "plugin_abi/look_ups.h"

#include <algorithm>

#include "plugin_abi/running_call.h"

namespace assistd::plugin_abi {
namespace {

std::string_view view(assistd_string text) {
    return {text.size ? text.data : "", text.size};
}
assistd_string to_c(const std::string& text) {
    return {text.data(), text.size()};
}

template <HostQuestionKind kind>
assistd_status ask(assistd_call* call, assistd_string text, assistd_string* answer) {
    RunningCall& running = RunningCall::of(call);
    const assistd_status status = running.look_ups().ask(kind, view(text), answer);
    if (status == ASSISTD_CANCELLED) running.note_cancel();
    return status;
}

}  // namespace

assistd_status LookUps::refuse(const char* type, const std::string& sentence, assistd_string* answer) {
    // The sentences of this file need no escapes, and a host is linked against no JSON library.
    answer_ = std::string(R"({"error_type": ")") + type + R"(", "message": ")" + sentence + "\"}";
    *answer = to_c(answer_);
    return ASSISTD_FAILED;
}

assistd_status LookUps::ask(HostQuestionKind kind, std::string_view text, assistd_string* answer) {
    if (text.size() > max_question_bytes)
        return refuse("ValidationError",
                      "What the call wants to look up is said in " + std::to_string(text.size()) +
                          " bytes, and " + std::to_string(max_question_bytes) + " are allowed.",
                      answer);
    if (++questions_ > max_questions)
        return refuse("QuotaExceededError",
                      "The call has looked things up " + std::to_string(max_questions) +
                          " times, which is as often as a call may.",
                      answer);
    answer_ = "{}";
    *answer = to_c(answer_);
    std::optional<HostReply> reply = caller_.ask({call_number_, kind, std::string(text)});
    if (!reply) return ASSISTD_CANCELLED;
    answer_ = std::move(reply->answer.text);
    *answer = to_c(answer_);
    if (!reply->answer.good) return ASSISTD_FAILED;
    if (kind != HostQuestionKind::open_artifact) return ASSISTD_OK;
    if (reply->answer.artifacts.empty() || reply->files.empty())
        return refuse("InternalError", "The artifact cannot be opened.", answer);
    Opened& opened = opened_.emplace_back();
    opened.about = std::move(reply->answer.artifacts.front());
    opened.file = std::move(reply->files.front());
    const HostArtifact& about = opened.about;
    opened.table = {sizeof opened.table,    to_c(about.handle),   to_c(about.kind), to_c(about.name),
                    to_c(about.media_type), to_c(about.metadata), about.size,       opened.file.get()};
    return ASSISTD_OK;
}

assistd_status LookUps::open(std::string_view handle, const assistd_artifact** artifact,
                             assistd_string* answer) {
    const auto known =
        std::ranges::find_if(opened_, [&](const Opened& opened) { return opened.about.handle == handle; });
    if (known != opened_.end()) {
        answer_ = "{}";
        *answer = to_c(answer_);
        *artifact = &known->table;
        return ASSISTD_OK;
    }
    if (opened_.size() >= max_opened_artifacts)
        return refuse("QuotaExceededError",
                      "The call has " + std::to_string(max_opened_artifacts) +
                          " artifacts open, which is as many as a call may have.",
                      answer);
    const assistd_status status = ask(HostQuestionKind::open_artifact, handle, answer);
    if (status == ASSISTD_OK) *artifact = &opened_.back().table;
    return status;
}

const assistd_catalogue& catalogue_functions() {
    static const assistd_catalogue functions{
        sizeof(assistd_catalogue), &ask<HostQuestionKind::find_artifacts>, &ask<HostQuestionKind::find_jobs>,
        [](assistd_call* call, assistd_string handle, const assistd_artifact** artifact,
           assistd_string* answer) {
            return RunningCall::of(call).look_ups().open(view(handle), artifact, answer);
        },
        &ask<HostQuestionKind::add_to_result>};
    return functions;
}

}  // namespace assistd::plugin_abi
