#pragma once
// Whose data are being removed at the moment, and how far each removal is. Owned by DataCare; any thread.

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/conversation.h"

namespace assistd::backup {

class Removals {
  public:
    using Rows = std::map<std::string, std::int64_t>;  // of what how many are gone

    // The user's data are being removed as long as what this gives lives, which this outlives. Throws
    // Error{conflict} when they are already.
    std::shared_ptr<void> begin(const core::Owner& user);
    void count(const core::Owner& user, const std::string& what, std::int64_t rows);
    // Nothing: there is no removal.
    std::optional<Rows> progress(const core::Owner& user) const;

  private:
    mutable std::mutex mutex_;
    std::map<core::Owner, Rows> running_;
};

}  // namespace assistd::backup
