#pragma once
// What came of a call that a test made, as the daemon would see it. Part of assistd/testing.hpp; value types.

#include <string>
#include <vector>

#include "assistd/failure.hpp"

namespace assistd::testing {

// An artifact that a call stored.
struct StoredArtifact {
    std::string kind;
    std::string name;
    std::string media_type;
    Json metadata;
    std::string bytes;
};

struct Progress {
    double fraction = 0;
    std::string note;
};

struct LogLine {
    assistd_log_level level = ASSISTD_LOG_INFO;
    std::string message;
};

// What came of a call, as the daemon would see it.
struct Outcome {
    assistd_status status = ASSISTD_FAILED;
    Json data;
    std::string summary;
    std::string error_type;  // empty when the call went well
    std::string message;
    Json details;
    bool recoverable = false;
    std::vector<StoredArtifact> artifacts;  // none when the call failed
    std::vector<std::string> opened;        // handles of those that the call looked up and opened
    std::vector<std::string> added;         // handles of existing ones that its result is about
    std::vector<Progress> progress;
    std::vector<LogLine> log;

    bool ok() const { return status == ASSISTD_OK && error_type.empty(); }
};

}  // namespace assistd::testing
