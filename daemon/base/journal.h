#pragma once
// systemd's journal, field by field. Built without libsystemd there is none. Any thread.

#include <string>
#include <vector>

namespace assistd::log {

bool has_journal();
// "NAME=value" each. False when the journal did not take it.
bool send_to_journal(const std::vector<std::string>& fields);

}  // namespace assistd::log
