#pragma once
// Whose work may run: who is disabled or gone has nothing done for him any more. Asked before something
// begins, and once more when whoever shuts a user out could find it: so nothing slips through between. Value
// types; asked from any thread.

#include <functional>
#include <string>

#include "core/conversation.h"

namespace assistd::core {

// Why nothing of this user's may run now, as a sentence; empty: it may.
using WhyShutOut = std::function<std::string(const Owner& user)>;

// As above; without anybody to ask, everybody's may.
inline std::string why_shut_out(const WhyShutOut& ask, const Owner& user) {
    return ask ? ask(user) : std::string();
}

// Ends what runs for a user, for this reason, and does not wait for it.
using EndWork = std::function<void(const Owner& user, const std::string& why)>;

}  // namespace assistd::core
