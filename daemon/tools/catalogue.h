#pragma once
// What a running call may look up of what its caller has already (assistd/catalogue.h), as whoever runs the
// call asks it. One call's; used by that call's coroutine.

#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/async.h"
#include "base/host_protocol.h"
#include "core/ports.h"
#include "core/tool.h"

namespace assistd::tools {

class Catalogue {
  public:
    virtual ~Catalogue() = default;
    // Failures are answers too.
    virtual Task<HostReply> answer(HostQuestion question) = 0;

    static HostReply refusal(core::ToolErrorType type, const std::string& sentence);
};

// From the store: the owner's artifacts of the kinds that the tool's manifest names, and the jobs of its
// plugin's tools. What was opened and added may be asked from any thread.
class CallCatalogue : public Catalogue {
  public:
    struct Sources {
        core::Artifacts* artifacts = nullptr;
        core::Store* store = nullptr;  // null: there are no jobs
        core::Jobs* jobs = nullptr;    // for the progress of those that run; null: as stored
        std::set<std::string> plugin_tools;
    };
    // `call` as the source gets it; its stop ends a question.
    CallCatalogue(Sources sources, std::shared_ptr<const core::ToolSpec> spec, const core::ToolCall& call,
                  std::stop_token stop);

    Task<HostReply> answer(HostQuestion question) override;

    // Handles, in order.
    std::vector<std::string> opened() const;
    std::vector<core::ArtifactRef> added() const;

  private:
    Task<HostReply> answer_or_throw(HostQuestion question);
    Task<HostReply> find_artifacts(std::string text);
    Task<HostReply> find_jobs(std::string text);
    Task<HostReply> open(std::string handle);
    Task<HostReply> add(std::string handle);

    Task<core::Artifact> find(std::string handle);
    Task<std::optional<core::Artifact>> find_if_there(std::string handle);
    Task<core::Job> with_progress(core::Job job);
    // Whether it was there at the time that counts.
    bool was_there(const core::Artifact& artifact) const;
    bool may_see(std::string_view kind) const;
    void check_may_see(std::string_view kind) const;
    void count_rows(std::size_t rows);

    const Sources sources_;
    const std::shared_ptr<const core::ToolSpec> spec_;
    const core::Owner owner_;
    const std::optional<Timestamp> as_of_;
    const std::stop_token stop_;
    std::size_t questions_ = 0;
    std::size_t rows_ = 0;  // that were read so far
    mutable std::mutex mutex_;
    std::vector<std::string> opened_;
    std::vector<core::ArtifactRef> added_;
};

}  // namespace assistd::tools
