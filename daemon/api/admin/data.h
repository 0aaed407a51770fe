#pragma once
// Routes for what is done with all that is stored: backup, check, and everything about one user.

#include "core/data_care.h"
#include "core/ports.h"
#include "http/router.h"

namespace assistd::api::admin {

// Both outlive the router.
void add_data_routes(http::Router& router, core::DataCare& care, core::AuditLog& audit);

}  // namespace assistd::api::admin
