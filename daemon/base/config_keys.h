#pragma once
// The keys of the configuration that have one value or list each, and with that an environment variable. For
// config*.cpp alone; any thread.

#include <span>
#include <string>
#include <string_view>

#include "base/config_value.h"

namespace assistd {

struct ConfigKey {
    std::string_view path;
    void (*set)(Config&, const ConfigValue&);  // throws Error{validation} for what the key must not be
    char separator = 0;                        // of a list, in a variable or option
    // The default, as it would stand in the file; null: there is none that a file could name.
    const char* usual = nullptr;
    enum class Counts { at_once, after_restart } counts = Counts::at_once;  // when a reload brings another
};

// All of them, in the order of config/assistd.yaml.
std::span<const ConfigKey> config_keys();
const ConfigKey* find_key(std::string_view path);
// Whether there are keys below it.
bool is_section(std::string_view path);

// The key that users set most has a short name as a variable and as an option.
std::string outer_name(std::string_view path);
// ASSISTD_TURNS_MAX_ROUNDS of turns.max_rounds.
std::string variable_of(std::string_view path);

}  // namespace assistd
