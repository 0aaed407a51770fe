#pragma once
// By whom and from where a turn is asked for, as limits tell people apart. Values.

#include <string>

#include "core/conversation.h"

namespace assistd::core {

// The id of the key, token or login that was shown, and the client's address as limited_address() gives it;
// empty: none.
struct CameBy {
    std::string key;
    std::string address;
};

struct Asker {
    Owner user;
    CameBy by = {};
};

}  // namespace assistd::core
