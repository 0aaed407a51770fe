#pragma once
// The embedded default provider: no model, no key, no network. It reads the user's message with the phrases
// of the tools' manifests, calls tools round by round and sums up their results, behind the same interface as
// any model.
//
// Owned by the composition root, used by many turns at once from any thread. It keeps no state of
// conversations: every round is worked out from the request's messages, so that a turn can be taken up again
// after a restart.

#include <memory>
#include <mutex>

#include "core/ports.h"

namespace assistd::providers {

namespace offline {
class Grammar;
}

class OfflineProvider : public core::Provider {
  public:
    // `artifacts` finds "my latest plot" when the conversation has none; may be null.
    explicit OfflineProvider(std::shared_ptr<core::Artifacts> artifacts);
    ~OfflineProvider() override;

    // Throws Error{cancelled} once request.stop is requested.
    Task<core::ProviderReply> generate(const core::ProviderRequest& request, core::TextSink sink) override;

  private:
    struct Compiled {
        std::shared_ptr<const core::ToolSet> tools;
        std::shared_ptr<const offline::Grammar> grammar;
    };
    // Compiled once per ToolSet; the newest ones are kept, since not all users have the same tools.
    std::shared_ptr<const offline::Grammar> grammar_for(const std::shared_ptr<const core::ToolSet>& tools);

    std::shared_ptr<core::Artifacts> artifacts_;
    std::mutex mutex_;
    std::vector<Compiled> compiled_;  // newest last
};

}  // namespace assistd::providers
