#pragma once
// What only the whole configuration can be wrong about, whatever it was set by. For config.cpp alone; any
// thread.

#include "base/config_endpoint.h"
#include "base/config_value.h"

namespace assistd {

// Resolves the models that are named, and adds what is odd to the warnings. Throws Error{validation}.
void check_whole(Config& config, const KeySources& keys);

}  // namespace assistd
