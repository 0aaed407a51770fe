#pragma once
// The pictures of a request's messages, read from the artifacts and written as base64. Pure but for the
// reading; one coroutine at a time.

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/async.h"
#include "core/ports.h"

namespace assistd::providers {

// By artifact; one that is missing here cannot be shown to the model.
using Images = std::unordered_map<ArtifactId, std::string>;

struct ImageLimits {
    std::int64_t each_bytes = 20 << 20;
    std::int64_t together_bytes = 32 << 20;  // the newest ones
};

// `artifacts` may be null: then there are none.
Task<Images> load_images(std::shared_ptr<core::Artifacts> artifacts, const core::ProviderRequest& request,
                         ImageLimits limits);

// What the model is told instead of a picture that it cannot see.
std::string image_note(const core::ImageBlock& image);

}  // namespace assistd::providers
