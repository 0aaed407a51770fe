#pragma once
// What one call looks up of what its caller has (assistd/catalogue.h): its questions, the last answer, and
// what it opened. Part of a RunningCall; the call's thread.

#include <deque>
#include <string>
#include <string_view>

#include "assistd/catalogue.h"
#include "base/host_protocol.h"
#include "base/unique_fd.h"
#include "plugin_abi/caller_link.h"

namespace assistd::plugin_abi {

class LookUps {
  public:
    LookUps(CallerLink& caller, std::uint64_t call_number) : caller_(caller), call_number_(call_number) {}

    assistd_status ask(HostQuestionKind kind, std::string_view text, assistd_string* answer);
    assistd_status open(std::string_view handle, const assistd_artifact** artifact, assistd_string* answer);
    // How many are open.
    std::size_t opened() const { return opened_.size(); }

  private:
    struct Opened {
        HostArtifact about;
        UniqueFd file;
        assistd_artifact table{};
    };

    assistd_status refuse(const char* type, const std::string& sentence, assistd_string* answer);

    CallerLink& caller_;
    const std::uint64_t call_number_;
    std::size_t questions_ = 0;
    std::string answer_;
    std::deque<Opened> opened_;  // which stay where they are
};

// The extension as every host gives it; their calls are RunningCalls.
const assistd_catalogue& catalogue_functions();

}  // namespace assistd::plugin_abi
