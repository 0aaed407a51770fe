#pragma once
// What is told to the service manager while a database is upgraded at the start, so that the start is not
// ended in the middle because it takes long.

#include "app/service_manager.h"
#include "sqlite/progress.h"

namespace assistd::app {

// `service` must outlive it.
sqlite::Progress start_progress(const ServiceManager& service);

}  // namespace assistd::app
