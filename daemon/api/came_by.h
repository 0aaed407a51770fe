#pragma once
// What limits are told of how a request came, and the place that it is given for its turn. Any thread.

#include <functional>
#include <memory>

#include "core/turn_service.h"
#include "http/request.h"

namespace assistd::api {

core::CameBy came_by(const http::Request& request);

// For http::RouteOptions::at_door of what always begins a turn: a place for it, or the refusal. Whoever
// repeats a request by its Idempotency-Key needs none and is not asked here.
std::function<std::shared_ptr<void>(const http::Request&)> place_for_turn(core::TurnService& turns);
// Which the request was given there; null: none yet.
std::shared_ptr<core::TurnSlots::Place> place_of(const http::Request& request);

}  // namespace assistd::api
