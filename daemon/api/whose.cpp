#include "api/whose.h"

namespace assistd::api {
namespace {

constexpr std::size_t longest_user = 256;

void check_about(const http::Request& request, bool own) {
    if (!own && !request.rights.admin)
        throw Error(ErrorCode::forbidden, "Only an administrator may look after what belongs to others.");
}

}  // namespace

core::Owner owner_in(Query& query, const http::Request& request) {
    const auto user = query.text("user");
    if (user && (user->empty() || user->size() > longest_user))
        query.wrong("user", "user must be the name of a user, of at most 256 bytes.");
    const core::Owner owner = user.value_or(request.user);
    check_about(request, owner == request.user);
    return owner;
}

Whose whose_in(Query& query, const http::Request& request) {
    Whose whose;
    whose.owner = owner_in(query, request);
    whose.everybody = query.boolean("all").value_or(false);
    if (whose.everybody && query.text("user")) query.wrong("all", "all and user must not both be there.");
    check_about(request, !whose.everybody);
    return whose;
}

}  // namespace assistd::api
