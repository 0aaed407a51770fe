#include "providers/images.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/base64.h"
#include "base/error.h"
#include "base/logging.h"

namespace assistd::providers {
namespace {

// What every model that sees pictures takes.
constexpr std::array<std::string_view, 4> media_types = {"image/png", "image/jpeg", "image/gif",
                                                         "image/webp"};

std::vector<const core::ImageBlock*> newest_first(const core::ProviderRequest& request) {
    std::vector<const core::ImageBlock*> images;
    for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
        for (const core::Block& block : (*message)->blocks) {
            const auto* image = std::get_if<core::ImageBlock>(&block);
            if (image == nullptr) continue;
            if (std::find(media_types.begin(), media_types.end(), image->media_type) != media_types.end())
                images.push_back(image);
        }
    }
    return images;
}

std::optional<std::string> read_file(int file, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t count = ::pread(file, bytes.data() + got, size - got, static_cast<off_t>(got));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return std::nullopt;
        got += static_cast<std::size_t>(count);
    }
    return bytes;
}

// Its bytes; nothing when it is gone or larger than `most`.
Task<std::optional<std::string>> read_image(std::shared_ptr<core::Artifacts> artifacts, core::Owner owner,
                                            ArtifactId id, std::int64_t most) {
    std::string reason;
    try {
        const std::string name = id.text();
        const core::Artifact artifact = co_await artifacts->find(owner, name);
        if (artifact.size > most) co_return std::nullopt;
        const UniqueFd file = co_await artifacts->open(artifact);
        co_return read_file(file.get(), static_cast<std::size_t>(artifact.size));
    } catch (const Error& error) {
        reason = error.what();
    }
    log::warn("a picture is not shown to the model: {}", reason);
    co_return std::nullopt;
}

}  // namespace

Task<Images> load_images(std::shared_ptr<core::Artifacts> artifacts, const core::ProviderRequest& request,
                         ImageLimits limits) {
    Images images;
    std::int64_t left = limits.together_bytes;
    for (const core::ImageBlock* image : newest_first(request)) {
        if (images.contains(image->artifact)) continue;
        if (!image->data.empty()) {
            images.emplace(image->artifact, image->data);
            continue;
        }
        if (!artifacts) continue;
        const std::int64_t most = std::min(limits.each_bytes, left);
        const std::optional<std::string> bytes =
            co_await read_image(artifacts, request.owner, image->artifact, most);
        if (!bytes) continue;
        left -= static_cast<std::int64_t>(bytes->size());
        images.emplace(image->artifact, to_base64(*bytes));
    }
    co_return images;
}

std::string image_note(const core::ImageBlock& image) {
    return fmt::format("[A picture ({}) is attached that cannot be shown to you.]", image.media_type);
}

}  // namespace assistd::providers
