#pragma once
// What limits are told of how a request came. A pure function, any thread.

#include "core/asker.h"
#include "http/request.h"

namespace assistd::api {

core::CameBy came_by(const http::Request& request);

}  // namespace assistd::api
