#pragma once
// Backups, checks, exports and removals over what the daemon is made of.

#include <memory>

#include "base/config.h"
#include "core/data_care.h"
#include "core/ports.h"
#include "core/study.h"
#include "core/turn_service.h"
#include "http/server.h"
#include "knowledge/knowledge_base.h"
#include "store/store.h"

namespace assistd::app {

// All of these live longer. Removes what an earlier process left half-done.
std::unique_ptr<core::DataCare> make_data_care(const Config& config, store::Storage& storage,
                                               knowledge::KnowledgeBase& knowledge, core::TurnService& turns,
                                               core::Jobs& jobs, core::Studies& studies);

// The server's options, with a look at each user before a request of his: nothing begins for one whose data
// are being removed. `data` outlives the server.
http::ServerOptions with_removals(http::ServerOptions options, const core::DataCare& data);

}  // namespace assistd::app
