#pragma once
// The sections of the configuration that have readers of their own, because what is in them is named by the
// user. They are set in files only. For config*.cpp alone; any thread.

#include "base/config_endpoint.h"
#include "base/config_value.h"

namespace assistd {

// Reads the section of the file if it is one of these, else returns false. Throws Error{validation}.
bool read_section(Config& config, const ConfigValue& section, const KeySources& keys);

}  // namespace assistd
