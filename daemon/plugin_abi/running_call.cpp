#include "plugin_abi/running_call.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

namespace assistd::plugin_abi {
namespace {

// Twenty reports a second are more than an eye can follow.
constexpr std::chrono::milliseconds progress_every{50};
// Between two looks at the caller is_cancelled costs only the reading of a clock.
constexpr std::chrono::milliseconds look_every{1};

std::string_view view(assistd_string text) {
    return {text.size ? text.data : "", text.size};
}
assistd_string to_c(const std::string& text) {
    return {text.data(), text.size()};
}
std::string cut(std::string_view text, std::size_t bytes) {
    return std::string(text.substr(0, bytes));
}

assistd_artifact describe(const HostArtifact& artifact, int fd) {
    return {sizeof(assistd_artifact),  to_c(artifact.handle),   to_c(artifact.kind), to_c(artifact.name),
            to_c(artifact.media_type), to_c(artifact.metadata), artifact.size,       fd};
}

}  // namespace

RunningCall::RunningCall(HostCall call, std::vector<UniqueFd> files, CallerLink& caller,
                         const Scratch& scratch)
    : call_(std::move(call)),
      files_(std::move(files)),
      caller_(caller),
      scratch_(scratch),
      look_ups_(caller, call_.number),
      looked_at_(Clock::now()) {
    for (std::size_t i = 0; i < std::min(call_.artifacts.size(), files_.size()); ++i)
        inputs_.push_back(describe(call_.artifacts[i], files_[i].get()));
    result_.number = call_.number;
    table_.struct_size = sizeof table_;
    table_.host_data = this;
    table_.progress = [](assistd_call* self, double fraction, assistd_string note) {
        of(self).progress(fraction, view(note));
    };
    table_.is_cancelled = [](assistd_call* self) { return of(self).is_cancelled() ? 1 : 0; };
    table_.emit_result = [](assistd_call* self, assistd_string data, assistd_string summary) {
        return of(self).emit_result(view(data), view(summary));
    };
    table_.emit_error = [](assistd_call* self, assistd_string type, assistd_string message,
                           assistd_string details, int recoverable) {
        of(self).emit_error(view(type), view(message), view(details), recoverable != 0);
        return ASSISTD_OK;
    };
    table_.read_artifact = [](assistd_call* self, assistd_string handle) {
        return of(self).read_artifact(view(handle));
    };
    table_.create_artifact = [](assistd_call* self, assistd_string kind, assistd_string name,
                                assistd_string media_type, assistd_string metadata) {
        return of(self).create_artifact({.handle = {},
                                         .kind = cut(view(kind), max_text_bytes),
                                         .name = cut(view(name), max_text_bytes),
                                         .media_type = cut(view(media_type), max_text_bytes),
                                         .metadata = std::string(view(metadata))});
    };
    table_.set_artifact_metadata = [](assistd_call* self, int fd, assistd_string metadata) {
        return of(self).set_artifact_metadata(fd, view(metadata));
    };
}

void RunningCall::progress(double fraction, std::string_view note) {
    const std::lock_guard lock(progress_mutex_);
    progress_ = {call_.number, fraction, cut(note, max_text_bytes)};
    progress_waits_ = true;
    send_progress(Clock::now());
}

// The newest report is sent, at most twenty a second; one that came too early goes with a later look at the
// clock.
void RunningCall::send_progress(Clock::time_point now) {
    if (!progress_waits_ || now - progress_sent_at_ < progress_every) return;
    progress_waits_ = false;
    progress_sent_at_ = now;
    caller_.progress(progress_);
}

bool RunningCall::is_cancelled() {
    if (cancelled_.load(std::memory_order_relaxed)) return true;
    const Clock::time_point now = Clock::now();
    Clock::time_point last = looked_at_.load(std::memory_order_relaxed);
    // One of several threads looks.
    if (now - last < look_every || !looked_at_.compare_exchange_strong(last, now)) return false;
    {
        const std::lock_guard lock(progress_mutex_);
        send_progress(now);
    }
    if (!caller_.cancel_has_come(call_.number)) return false;
    cancelled_ = true;
    return true;
}

assistd_status RunningCall::emit_result(std::string_view data, std::string_view summary) {
    if (data.size() > max_result_bytes) {
        emit_error("QuotaExceededError",
                   "The result has " + std::to_string(data.size()) + " bytes, and at most " +
                       std::to_string(max_result_bytes) +
                       " may be returned; large data belongs in an artifact.",
                   {}, true);
        return ASSISTD_INVALID;
    }
    result_.data = data;
    result_.summary = cut(summary, max_text_bytes);
    has_result_ = true;
    return ASSISTD_OK;
}

void RunningCall::emit_error(std::string_view type, std::string_view message, std::string_view details,
                             bool recoverable) {
    result_.error_type = cut(type, 64);
    result_.message = cut(message, max_text_bytes);
    result_.details = details.size() <= max_metadata_bytes ? details : std::string_view();
    result_.recoverable = recoverable;
    has_error_ = true;
}

const assistd_artifact* RunningCall::read_artifact(std::string_view handle) const {
    const auto found =
        std::ranges::find_if(inputs_, [&](const auto& input) { return view(input.handle) == handle; });
    return found == inputs_.end() ? nullptr : &*found;
}

int RunningCall::create_artifact(HostArtifact about) {
    if (output_files_.size() >= max_output_artifacts || about.metadata.size() > max_metadata_bytes) return -1;
    UniqueFd file = scratch_.unnamed_file();
    if (!file) return -1;
    const int given = ::fcntl(file.get(), F_DUPFD_CLOEXEC, 0);
    if (given < 0) return -1;
    result_.artifacts.push_back(std::move(about));
    output_files_.push_back(std::move(file));
    given_.push_back(given);
    caller_.began_artifact(call_.number, output_files_.back().get());
    return given;
}

// Those that are the plugin's own by now, since it closed what it was given, stay open.
void RunningCall::take_back_outputs() {
    for (std::size_t i = 0; i < given_.size() && i < output_files_.size(); ++i) {
        struct stat ours {
        }, theirs{};
        const bool same = ::fstat(output_files_[i].get(), &ours) == 0 && ::fstat(given_[i], &theirs) == 0 &&
                          ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino;
        if (same) ::close(given_[i]);
    }
    given_.clear();
}

assistd_status RunningCall::set_artifact_metadata(int fd, std::string_view metadata) {
    const auto found = std::ranges::find(given_, fd);
    if (found == given_.end() || metadata.size() > max_metadata_bytes) return ASSISTD_INVALID;
    result_.artifacts[static_cast<std::size_t>(found - given_.begin())].metadata = metadata;
    return ASSISTD_OK;
}

void RunningCall::check_quotas(const CallQuotas& quotas) {
    std::string sentence = beyond_artifact_quota(call_.tool, bytes_of(output_files_), quotas);
    if (sentence.empty()) sentence = beyond_scratch_quota(call_.tool, scratch_.bytes(), quotas);
    if (!sentence.empty()) emit_error("QuotaExceededError", sentence, {}, true);
}

HostResult RunningCall::result(assistd_status status) {
    take_back_outputs();
    result_.success = status == ASSISTD_OK && has_result_ && !has_error_;
    if (result_.success) return std::move(result_);
    result_.data.clear();
    result_.artifacts.clear();
    output_files_.clear();
    if (has_error_) return std::move(result_);
    const bool says_cancelled = status == ASSISTD_CANCELLED;
    const bool was_cancelled = says_cancelled && (cancelled_ || caller_.cancel_has_come(call_.number));
    result_.error_type = was_cancelled ? "CancelledError" : "InternalError";
    if (was_cancelled)
        result_.message = "The call was cancelled.";
    else if (says_cancelled)
        result_.message = "The tool " + call_.tool + " says that it was cancelled, but nobody cancelled it.";
    else if (status == ASSISTD_UNKNOWN_TOOL)
        result_.message =
            "The plugin's manifest lists the tool " + call_.tool + ", but its code does not have it.";
    else if (status == ASSISTD_OK)
        result_.message = "The tool " + call_.tool + " ended without a result.";
    else
        result_.message = "The tool " + call_.tool + " failed and gave no reason.";
    return std::move(result_);
}

std::vector<int> RunningCall::output_files() const {
    std::vector<int> files;
    for (const UniqueFd& file : output_files_) files.push_back(file.get());
    return files;
}

}  // namespace assistd::plugin_abi
