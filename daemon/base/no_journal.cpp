// In the place of journal.cpp where there is no libsystemd.

#include "base/journal.h"

namespace assistd::log {

bool has_journal() {
    return false;
}

bool send_to_journal(const std::vector<std::string>&) {
    return false;
}

}  // namespace assistd::log
