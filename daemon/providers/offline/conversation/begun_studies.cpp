#include "providers/offline/conversation/begun_studies.h"

#include <algorithm>
#include <cctype>

#include "providers/offline/orders/study_order.h"
#include "providers/offline/words/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    return text;
}

BegunStudy begun_by(const Call& call) {
    BegunStudy study;
    study.id = call.text("study_id");
    study.name = call.text("name");
    study.arguments = lower(call.block->arguments);
    study.call = &call;
    const json data = call.body.value("data", json());
    study.runs = data.is_object() && data.contains("runs") && data["runs"].is_number_integer()
                     ? data["runs"].get<int>()
                     : 0;
    const json arguments = json::parse(call.block->arguments, nullptr, false);
    if (arguments.is_object() && arguments.value("tool", json()).is_string())
        study.tool = arguments["tool"].get<std::string>();
    return study;
}

// "The study "p" of … finished: 8 of 8 runs completed (study-7).": of studies of one name that which has so
// many runs, the oldest that has not ended first; what ends once more ended before.
void end_by(const std::string& notice, const std::string& handle, std::vector<BegunStudy>& studies) {
    BegunStudy* found = nullptr;
    int best = 0;
    for (BegunStudy& study : studies) {
        if (!tells_end(notice, *study.call)) continue;
        const bool fits =
            study.runs > 0 && notice.find(" of " + std::to_string(study.runs) + " run") != std::string::npos;
        const int score = 1 + (study.handle.empty() ? 2 : 0) + (fits ? 4 : 0);
        if (score > best || (score == best && !study.handle.empty())) {
            best = score;
            found = &study;
        }
    }
    if (found) found->handle = handle;
}

bool is_so(const BegunStudy& study, const Reference::Item& item) {
    const bool of = item.of.empty() || std::ranges::find(item.of, study.tool) != item.of.end() ||
                    std::ranges::find(item.of, "study") != item.of.end();
    return of && (item.modifier.empty() || study.arguments.find(item.modifier) != std::string::npos);
}

std::string so_few(std::size_t count) {
    return "This conversation has " +
           (count == 0
                ? "begun no such study"
                : "begun only " + std::to_string(count) + " such " + (count == 1 ? "study" : "studies")) +
           ". “List my studies” shows all.";
}

}  // namespace

std::vector<BegunStudy> begun_studies(History& history) {
    std::vector<BegunStudy> studies;
    for (std::size_t i = 0; i < history.exchanges().size(); ++i) {
        const Exchange& exchange = history.read(i);
        for (const Call& call : exchange.calls) {
            if (call.begins_study()) studies.push_back(begun_by(call));
            // What a later question about it was told.
            const auto same = std::ranges::find(studies, call.text("study_id"), &BegunStudy::id);
            if (same == studies.end() || call.state != Call::State::good) continue;
            if (call.text("status") != "running" && !call.text("table").empty())
                same->handle = call.text("table");
        }
        for (const std::string& notice : exchange.notices)
            for (const std::string& handle : exchange.noticed)
                if (handle.starts_with("study-") && notice.find("(" + handle + ")") != std::string::npos)
                    end_by(notice, handle, studies);
    }
    return studies;
}

std::string newest_study(History& history) {
    const auto studies = begun_studies(history);
    return studies.empty() ? "" : studies.back().target();
}

std::string newest_running_study(History& history) {
    for (const Call* call : Reversed(history.running()))
        if (call->begins_study()) return call->text("study_id");
    return "";
}

std::vector<std::string> listed_studies(History& history) {
    for (std::size_t i = history.exchanges().size(); i-- > 0;)
        for (const Call& call : Reversed(history.read(i).calls)) {
            if (call.block->name == study_tool) return {};
            const json data = call.body.is_object() ? call.body.value("data", json()) : json();
            const json rows = data.is_object() ? data.value("studies", json()) : json();
            std::vector<std::string> targets;
            for (const json& row : rows.is_array() ? rows : json::array())
                for (const char* key : {"table", "study_id"})
                    if (row.is_object() && row.value(key, json()).is_string()) {
                        targets.push_back(row[key].get<std::string>());
                        break;
                    }
            if (!targets.empty()) return targets;
        }
    return {};
}

StudiesMeant studies_meant(History& history, const Reference& reference) {
    StudiesMeant meant;
    for (const Reference::Item& item : reference.items) {
        const auto named = item.handles();
        meant.targets.insert(meant.targets.end(), named.begin(), named.end());
        if (!named.empty()) continue;
        std::vector<std::string> all;
        if (item.ordinal > 0 && item.modifier.empty() && item.of.empty()) all = listed_studies(history);
        if (all.empty())
            for (const BegunStudy& study : begun_studies(history))
                if (is_so(study, item)) all.push_back(study.target());
        const auto ordinal = static_cast<std::size_t>(item.ordinal);
        const auto wanted = item.several && item.count > 0 ? static_cast<std::size_t>(item.count) : ordinal;
        const bool is_any = ordinal == 0 && !item.several && item.modifier.empty() && item.of.empty();
        if (all.size() < wanted || (all.empty() && !is_any)) return {{}, so_few(all.size())};
        auto first = all.begin(), last = all.end();
        if (item.several && ordinal > 0)
            last = first + static_cast<long>(wanted);
        else if (item.several && wanted > 0)
            first = last - static_cast<long>(wanted);
        else if (ordinal > 0)
            first += static_cast<long>(ordinal) - 1, last = first + 1;
        else if (!item.several && !all.empty())
            first = last - 1;
        meant.targets.insert(meant.targets.end(), first, last);
    }
    return meant;
}

}  // namespace assistd::providers::offline
