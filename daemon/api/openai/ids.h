#pragma once
// How the OpenAI doors write ids. The digits are those of every other door: the conversation conv_0192… is
// the thread thread_0192…. Pure functions.

#include <string>
#include <string_view>

#include "api/openai/errors.h"
#include "base/ids.h"
#include "http/request.h"

namespace assistd::api::openai {

namespace prefix {
inline constexpr std::string_view assistant = "asst_";
inline constexpr std::string_view thread = "thread_";
inline constexpr std::string_view message = "msg_";
inline constexpr std::string_view run = "run_";
inline constexpr std::string_view step = "step_";
inline constexpr std::string_view file = "file-";
inline constexpr std::string_view vector_store = "vs_";
inline constexpr std::string_view file_batch = "vsfb_";
}  // namespace prefix

// What is said of an id that names nothing, or something of somebody else.
Error nothing_found(std::string_view what, std::string_view id);

// The id in the path under this name. Throws Error{not_found} for a text that is none.
template <class IdType>
IdType id_in_path(const http::Request& request, std::string_view name, std::string_view prefix,
                  std::string_view what) {
    const std::string& given = request.path_value(name);
    const auto id = IdType::parse(given, prefix);
    if (!id) throw nothing_found(what, given);
    return *id;
}

}  // namespace assistd::api::openai
