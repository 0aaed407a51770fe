#pragma once
// The small parts that sentences about JSON values are made of. Pure functions; any thread.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::tools {

// "options.sizes[2]" out of "options", "sizes" and 2.
std::string join_path(const std::string& path, std::string_view member);
std::string join_path(const std::string& path, std::size_t index);

// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& items, std::string_view last_word);

// "1 tool", "2 tools".
std::string counted(std::size_t count, std::string_view noun);

// JSON text of a value, cut to a length that a sentence bears.
std::string shown(const nlohmann::json& value);
std::string number_text(const nlohmann::json& number);  // 10.0 is "10"

}  // namespace assistd::tools
