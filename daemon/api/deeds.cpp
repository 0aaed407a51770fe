#include "api/deeds.h"

#include "base/logging.h"

namespace assistd::api {

Task<void> note_deed(core::AuditLog& audit, const http::Request& request, std::string what, std::string whom,
                     std::string details) {
    core::AuditEntry entry;
    entry.at = now();
    entry.owner = request.user;
    entry.tool = std::move(what);
    entry.outcome = "success";
    entry.deed = core::Deed{std::move(whom), std::move(details), request.rights.credential};
    try {
        const core::Write added = audit.add(entry);
        co_await added.committed();
    } catch (const std::exception& error) {
        log::error("what an administrator did is not in the audit log deed={} error={}", entry.tool,
                   error.what());
    }
}

}  // namespace assistd::api
