#include "api/conversations/handlers.h"
#include "api/conversations/render.h"
#include "api/query.h"

namespace assistd::api::conversations {

// The calls of tools, newest first: ?tool=, ?outcome=.
Task<Reply> list_audit(const Services& services, Request request) {
    Query query(request);
    core::AuditQuery wanted;
    wanted.owner = request.user;
    wanted.tool = query.text("tool").value_or("");
    wanted.outcome = query.text("outcome").value_or("");
    wanted.limit = query.limit();
    wanted.cursor = query.cursor();
    query.finish();
    const core::Page<core::AuditEntry> page = co_await services.audit.list(std::move(wanted));
    co_return Reply::json(to_text(render_page("calls", page)));
}

}  // namespace assistd::api::conversations
