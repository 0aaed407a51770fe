#pragma once
// Routes for what is done with all that is stored: backup, check, and everything about one user.

#include "core/data_care.h"
#include "http/router.h"

namespace assistd::api::admin {

// `care` outlives the router.
void add_data_routes(http::Router& router, core::DataCare& care);

}  // namespace assistd::api::admin
