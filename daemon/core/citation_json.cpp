#include "core/citation_json.h"

#include <nlohmann/json.hpp>

namespace assistd::core {
namespace {

using Json = nlohmann::ordered_json;

// Whoever wrote it, a member of another type is none.
template <class T>
T member(const Json& object, const char* name, T otherwise) {
    const auto found = object.find(name);
    if (found == object.end()) return otherwise;
    if constexpr (std::is_same_v<T, std::string>)
        return found->is_string() ? found->template get<T>() : otherwise;
    else
        return found->is_number() ? found->template get<T>() : otherwise;
}

std::optional<int> page_in(const Json& object) {
    const int page = member(object, "page", 0);
    return page > 0 ? std::optional<int>(page) : std::nullopt;
}

ArtifactId file_in(const Json& object) {
    return ArtifactId::parse(member(object, "file_id", std::string())).value_or(ArtifactId());
}

}  // namespace

std::string text_of(const std::vector<Citation>& citations) {
    if (citations.empty()) return {};
    Json list = Json::array();
    for (const Citation& citation : citations) {
        list.push_back({{"marker", citation.marker},
                        {"start_index", citation.start_index},
                        {"end_index", citation.end_index},
                        {"file_id", citation.file.text()},
                        {"file_name", citation.file_name},
                        {"quote", citation.quote},
                        {"quote_start", citation.quote_start},
                        {"quote_end", citation.quote_end}});
        if (citation.page) list.back()["page"] = *citation.page;
    }
    return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<Citation> citations_from(std::string_view text) {
    std::vector<Citation> citations;
    if (text.empty()) return citations;
    const Json list = Json::parse(text);
    for (const Json& entry : list) {
        Citation citation;
        citation.marker = member(entry, "marker", std::string());
        citation.start_index = member(entry, "start_index", std::int64_t{0});
        citation.end_index = member(entry, "end_index", std::int64_t{0});
        citation.file = file_in(entry);
        citation.file_name = member(entry, "file_name", std::string());
        citation.quote = member(entry, "quote", std::string());
        citation.quote_start = member(entry, "quote_start", std::int64_t{0});
        citation.quote_end = member(entry, "quote_end", std::int64_t{0});
        citation.page = page_in(entry);
        citations.push_back(std::move(citation));
    }
    return citations;
}

}  // namespace assistd::core
