#pragma once
// What goes into the body of every request to a model server beside the ProviderRequest itself. A value.

#include <string>
#include <string_view>

#include "providers/images.h"
#include "providers/model_settings.h"

namespace assistd::providers {

struct RequestParts {
    std::string_view tools = {};  // rendered for this kind of server; copied in as it is
    Wishes wishes = {};
    const Images* images = nullptr;
    std::string_view provider = {};  // whose thoughts are sent back
    // Blocks of a reply that the server has paused, as JSON with commas between; the model goes on with it.
    std::string_view paused = {};
};

}  // namespace assistd::providers
