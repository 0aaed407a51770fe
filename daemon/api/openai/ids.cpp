#include "api/openai/ids.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace assistd::api::openai {

Error nothing_found(std::string_view what, std::string_view id) {
    return {ErrorCode::not_found, fmt::format("No {} found with id '{}'.", what, whole_characters(id, 80))};
}

}  // namespace assistd::api::openai
