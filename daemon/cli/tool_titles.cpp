#include "cli/tool_titles.h"

#include <algorithm>

#include "cli/failure.h"

namespace assistd::cli {
namespace {

bool is_of_name(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

}  // namespace

std::string ToolTitles::title(const ApiClient& api, const std::string& name) {
    if (name.empty()) return name;
    const auto found = known(api).find(name);
    return found == known(api).end() ? name : found->second;
}

std::string ToolTitles::with_name(const ApiClient& api, const std::string& name) {
    std::string shown = title(api, name);
    return shown == name ? name : std::move(shown) + " (" + name + ")";
}

std::string ToolTitles::in(const ApiClient& api, const std::string& text) {
    std::string shown;
    for (auto at = text.begin(); at != text.end();) {
        const auto end = std::find_if_not(at, text.end(), is_of_name);
        const std::string word(at, end);
        // Any other word may be meant as what it is.
        shown += word.find('_') == std::string::npos ? word : title(api, word);
        at = end;
        if (at != text.end()) shown += *at++;
    }
    return shown;
}

const std::map<std::string, std::string>& ToolTitles::known(const ApiClient& api) {
    static const std::map<std::string, std::string> none;
    if (titles_) return *titles_;
    try {
        const Json list = api.get("/tools");
        std::map<std::string, std::string> read;
        for (const Json& tool : list.value("tools", Json::array()))
            if (const Json title = tool.value("title", Json()); title.is_string())
                read.emplace(tool.value("name", ""), title.get<std::string>());
        titles_ = std::move(read);
        return *titles_;
    } catch (const std::exception&) {
        return none;  // what was to be told is told all the same
    }
}

}  // namespace assistd::cli
