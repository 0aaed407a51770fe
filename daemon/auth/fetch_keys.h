#pragma once
// Fetches a set of keys over HTTP: at most a few seconds, and at most so much of it.

#include <memory>

#include "auth/key_set.h"

namespace assistd {
class HttpClient;
}

namespace assistd::auth {

FetchText fetch_with(std::shared_ptr<HttpClient> client);

}  // namespace assistd::auth
