#pragma once
// What the daemon and assistd-plugin-host say to each other: the frames' kinds, contents and bounds. Value
// types.
//
// The daemon starts a host with the socket as descriptor 3 and the library, opened, as descriptor 4. The host
// says Ready (or why not) once; then, for each HostCall, any number of HostProgress, HostLog, HostOutput and
// HostQuestion and one HostResult. The daemon answers each question before it reads on, and may send a
// HostCancel during a call. It ends a host by closing its side. Both are always of the same build, so there
// is no version in it.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"

namespace assistd {

inline constexpr int host_socket_fd = 3;
inline constexpr int host_library_fd = 4;

inline constexpr std::size_t max_result_bytes = 8u << 20;
inline constexpr std::size_t max_text_bytes = 16u << 10;  // a summary, message, note or log line
inline constexpr std::size_t max_metadata_bytes = 64u << 10;
inline constexpr std::size_t max_output_artifacts = 32;  // of one call
// What a call may ask of the catalogue (assistd/catalogue.h).
inline constexpr std::size_t max_questions = 1'000;
inline constexpr std::size_t max_question_bytes = 64u << 10;
inline constexpr std::size_t max_opened_artifacts = 100;
inline constexpr std::size_t max_added_artifacts = 100;

enum HostFrame : std::uint16_t {
    host_frame_call = 1,
    host_frame_cancel,
    host_frame_ready,
    host_frame_progress,
    host_frame_log,
    host_frame_result,
    host_frame_question,
    host_frame_answer,
    host_frame_output,
};

// An artifact on its way in or out; its descriptor is attached to the frame, in the same order.
struct HostArtifact {
    std::string handle;  // only on the way in
    std::string kind;
    std::string name;
    std::string media_type;
    std::string metadata;
    std::uint64_t size = 0;  // only on the way in
};

struct HostCall {
    std::uint64_t number = 0;  // counts up, so that a cancel which comes late hits no other call
    std::uint64_t memory_bytes = 0;
    std::string tool;
    std::string arguments;
    std::vector<HostArtifact> artifacts;
};

struct HostCancel {
    std::uint64_t number = 0;
};

struct HostReady {
    bool ok = false;
    std::string reason;        // the end of a sentence: why the library cannot be used
    std::string unprotected;   // sentences, when the kernel lacks a part of the sandbox
    std::uint64_t cpu_us = 0;  // that the loading took
};

struct HostProgress {
    std::uint64_t number = 0;
    double fraction = 0;
    std::string note;
};

struct HostLog {
    std::uint32_t level = 0;  // assistd_log_level
    std::string text;
};

// A new artifact's file, which is attached: the daemon counts its bytes while the call runs.
struct HostOutput {
    std::uint64_t number = 0;  // of the call
};

struct HostResult {
    std::uint64_t number = 0;
    bool success = false;
    // What the call left that does not belong to the next one ("2 threads that go on"): the host should serve
    // no other. Empty: nothing.
    std::string left_behind;
    std::uint64_t cpu_us = 0;
    std::uint64_t peak_memory_bytes = 0;  // 0: not known
    std::string data;
    std::string summary;
    std::string error_type;
    std::string message;
    std::string details;
    bool recoverable = false;
    std::vector<HostArtifact> artifacts;
};

enum class HostQuestionKind : std::uint32_t { find_artifacts, find_jobs, open_artifact, add_to_result };

struct HostQuestion {
    std::uint64_t number = 0;  // of the call
    HostQuestionKind kind = HostQuestionKind::find_artifacts;
    std::string text;  // a query in JSON, or a handle
};

struct HostAnswer {
    std::uint64_t number = 0;
    bool good = false;
    std::string text;                     // JSON, as assistd/catalogue.h says
    std::vector<HostArtifact> artifacts;  // the one that was opened
};

// An answer with the descriptors of its artifacts.
struct HostReply {
    HostAnswer answer;
    std::vector<UniqueFd> files;
};

std::string encode(const HostCall& call);
std::string encode(const HostCancel& cancel);
std::string encode(const HostReady& ready);
std::string encode(const HostProgress& progress);
std::string encode(const HostLog& log);
std::string encode(const HostOutput& output);
std::string encode(const HostResult& result);
std::string encode(const HostQuestion& question);
std::string encode(const HostAnswer& answer);

// Throw Error{internal} when `payload` is no such content.
void decode(std::string_view payload, HostCall& call);
void decode(std::string_view payload, HostCancel& cancel);
void decode(std::string_view payload, HostReady& ready);
void decode(std::string_view payload, HostProgress& progress);
void decode(std::string_view payload, HostLog& log);
void decode(std::string_view payload, HostOutput& output);
void decode(std::string_view payload, HostResult& result);
void decode(std::string_view payload, HostQuestion& question);
void decode(std::string_view payload, HostAnswer& answer);

}  // namespace assistd
