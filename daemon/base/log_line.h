#pragma once
// How one event is written down: as a line of text, as a JSON object, or as the fields of a journal entry.
// Whatever a sentence or a value holds, it stays within its line and its place. Pure functions.

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/activity.h"
#include "base/log_fields.h"

namespace assistd::log {

struct Event {
    std::chrono::system_clock::time_point time;
    Level level = Level::info;
    std::string_view sentence;
    const Activity* activity = nullptr;  // whose line it is; null: nobody's
    std::span<const Field> fields;
};

// "2026-03-01T12:00:00.123Z info request_id=… trace_id=… sentence name=value". What a line belongs to stands
// in front of everything that others may have put into it.
std::string text_line(const Event& event);
std::string json_line(const Event& event);
// The first without its time and with its level as sd-daemon(3) writes it: "<6>sentence name=value".
std::string journal_line(const Event& event);
int priority_of(Level level);  // as syslog numbers them
// "NAME=value" each: MESSAGE, PRIORITY, ASSISTD_REQUEST_ID and so on.
std::vector<std::string> journal_fields(const Event& event);

// The text with every control character, line break and change of direction shown as an escape, and what is
// no UTF-8 replaced.
std::string shown(std::string_view text);

}  // namespace assistd::log
