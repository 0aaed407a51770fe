// "The second one": what the words of an order mean that count what was made.

#include <algorithm>

#include "providers/offline/planner.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

// Those that fit, the oldest first and each once.
std::vector<std::string> fitting(const std::vector<MadeArtifact>& group, const Argument& argument,
                                 const Reference::Item& item, bool mentioned) {
    std::vector<std::string> handles;
    for (auto artifact = group.rbegin(); artifact != group.rend(); ++artifact)
        if (artifact->mentioned == mentioned && fits(*artifact, argument, item) &&
            std::find(handles.begin(), handles.end(), artifact->handle) == handles.end())
            handles.push_back(artifact->handle);
    return handles;
}

std::vector<std::string> taken(const std::vector<std::string>& all, const Reference::Item& item) {
    const auto count = static_cast<std::size_t>(item.several ? item.count : item.ordinal);
    if (all.size() < count) return {};
    if (!item.several) return {all[count - 1]};
    return {all.begin(), all.begin() + static_cast<long>(count)};
}

// The rows of a result that are artifacts: what a list shows.
const json* rows_of(const Call& call) {
    if (call.state != Call::State::good || !call.body.contains("data") || !call.body["data"].is_object())
        return nullptr;
    for (const auto& [key, value] : call.body["data"].items())
        if (value.is_array() && !value.empty() && value.front().is_object() &&
            value.front().contains("handle"))
            return &value;
    return nullptr;
}

}  // namespace

// Of what was made together last, be it two or more of a kind; else of all that the conversation has made, or
// spoken of. One kind at a time: the second of a cluster and its analysis is no second one.
std::vector<std::string> Planner::counted(const Groups& groups, const Argument& argument,
                                          const Reference::Item& item) {
    std::vector<Reference::Item> kinds(
        std::max<std::size_t>(item.kind.empty() ? argument.kinds.size() : 1, 1), item);
    for (std::size_t i = 0; item.kind.empty() && i < argument.kinds.size(); ++i)
        kinds[i].kind = argument.kinds[i];
    std::vector<MadeArtifact> rows = listed();
    std::reverse(rows.begin(), rows.end());
    for (const bool mentioned : {false, true}) {
        std::vector<MadeArtifact> all;
        for (const auto& kind : kinds)
            if (auto shown = taken(fitting(rows, argument, kind, mentioned), item); !shown.empty())
                return shown;
        for (const auto& group : groups) {
            all.insert(all.end(), group.begin(), group.end());
            for (const auto& kind : kinds) {
                const auto together = fitting(group, argument, kind, mentioned);
                if (auto found = taken(together, item); together.size() > 1 && !found.empty()) return found;
            }
        }
        for (const auto& kind : kinds)
            if (auto found = taken(fitting(all, argument, kind, mentioned), item); !found.empty())
                return found;
    }
    return {};
}

// What the exchange before this one listed, as it was shown; nothing when something was made there.
std::vector<MadeArtifact> Planner::listed() {
    std::vector<MadeArtifact> rows;
    if (exchange_ == 0) return rows;
    for (const Call& call : history_.read(exchange_ - 1).calls) {
        if (!call.artifacts().empty()) return {};
        const json* all = rows_of(call);
        if (!all) continue;
        for (const json& row : *all) {
            const std::string handle =
                row.value("handle", json()).is_string() ? row["handle"].get<std::string>() : "";
            if (!handle.empty()) rows.push_back({handle, handle.substr(0, handle.rfind('-')), "", false});
        }
    }
    return rows;
}

}  // namespace assistd::providers::offline
