#include "api/file_name.h"

#include <algorithm>

#include "base/utf8.h"
#include "http/percent.h"

namespace assistd::api {
namespace {

constexpr std::size_t max_bytes = 255;  // of one name, in most file systems

bool is_control(unsigned char c) {
    return c < 0x20 || c == 0x7f;
}

}  // namespace

std::string safe_file_name(std::string_view path) {
    std::string name(path.substr(path.find_last_of("/\\") + 1));  // npos + 1 is 0
    std::erase_if(name, [](char c) { return is_control(static_cast<unsigned char>(c)); });
    if (!http::is_utf8(name))
        for (char& c : name)
            if (static_cast<unsigned char>(c) >= 0x80) c = '_';
    if (name.empty() || name == "." || name == "..") return "file";
    return std::string(whole_characters(name, max_bytes));
}

std::string attachment(const std::string& name) {
    std::string ascii = name;
    std::replace_if(
        ascii.begin(), ascii.end(),
        [](char c) { return static_cast<unsigned char>(c) >= 0x80 || c == '"' || c == '\\' || c == '%'; },
        '_');
    std::string header = "attachment; filename=\"" + ascii + "\"";
    if (ascii != name) header += "; filename*=UTF-8''" + http::percent_encode(name);
    return header;
}

}  // namespace assistd::api
