#include "api/came_by.h"

#include "base/limit_rules.h"

namespace assistd::api {

core::CameBy came_by(const http::Request& request) {
    return {request.rights.credential, limited_address(request.peer)};
}

}  // namespace assistd::api
