#pragma once
// The store's names for threads that read, and what waits for them (sqlite/readers.h).

#include "sqlite/readers.h"
#include "store/database.h"

namespace assistd::store {

using sqlite::Readers;
using sqlite::result_of;
using sqlite::run_on;
using sqlite::WorkerPool;

}  // namespace assistd::store
