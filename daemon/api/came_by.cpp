#include "api/came_by.h"

#include "base/limit_rules.h"

namespace assistd::api {

core::CameBy came_by(const http::Request& request) {
    return {request.rights.credential, limited_address(request.peer)};
}

std::function<std::shared_ptr<void>(const http::Request&)> place_for_turn(core::TurnService& turns) {
    return [&turns](const http::Request& request) -> std::shared_ptr<void> {
        if (request.header("Idempotency-Key")) return nullptr;
        return turns.enter({request.user, came_by(request)});
    };
}

std::shared_ptr<core::TurnSlots::Place> place_of(const http::Request& request) {
    return std::static_pointer_cast<core::TurnSlots::Place>(request.from_door);
}

}  // namespace assistd::api
