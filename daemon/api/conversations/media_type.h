#pragma once
// The media type of an uploaded file. Pure; any thread.

#include <string>
#include <string_view>

namespace assistd::api::conversations {

// What the Content-Type says; when it says nothing, or what curl --data-binary sends of its own accord, what
// the name's extension says.
std::string media_type_of_upload(std::string_view content_type, std::string_view name);

}  // namespace assistd::api::conversations
