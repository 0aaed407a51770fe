#include "providers/offline/conversation/brought_up.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "providers/offline/conversation/names.h"
#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

std::string only_one(const std::set<std::string>& handles) {
    return handles.size() == 1 ? *handles.begin() : "";
}

// Replies write what they are about in bold, and examples of sentences as plain text.
std::string told_about(const Exchange& exchange) {
    constexpr std::string_view mark = "**";
    std::set<std::string> handles;
    for (const core::Message* reply : exchange.replies) {
        const std::string text = reply->text();
        std::size_t end = 0;
        for (std::size_t begin = text.find(mark); begin != std::string::npos; begin = text.find(mark, end)) {
            begin += mark.size();
            end = text.find(mark, begin);
            if (end == std::string::npos) break;
            const std::string bold = text.substr(begin, end - begin);
            if (is_handle(bold)) handles.insert(bold);
            end += mark.size();
        }
    }
    return only_one(handles);
}

}  // namespace

std::vector<std::string> handles_in(const std::string& text) {
    std::vector<std::string> handles;
    std::string word;
    const auto close = [&] {
        while (word.ends_with('-') || word.ends_with('_')) word.pop_back();
        if (is_handle(word)) handles.push_back(word);
        word.clear();
    };
    for (const char c : text) {
        const bool in_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
        if (in_word)
            word += c;
        else
            close();
    }
    close();
    std::reverse(handles.begin(), handles.end());
    return handles;
}

std::vector<std::string> given_to(const Call& call, const GrammarTool& tool) {
    std::vector<std::string> handles;
    const json arguments = json::parse(call.block->arguments, nullptr, false);
    if (!arguments.is_object() || call.state == Call::State::failed) return handles;
    for (const Argument& argument : tool.arguments) {
        if (!argument.takes_artifacts() || !arguments.contains(argument.name)) continue;
        const json& value = arguments[argument.name];
        const json named = value.is_array() ? value : json::array({value});
        for (auto handle = named.rbegin(); handle != named.rend(); ++handle)
            if (handle->is_string()) handles.push_back(handle->get<std::string>());
    }
    return handles;
}

std::string BroughtUp::in(std::size_t exchange) {
    const Exchange& turn = history_.read(exchange);
    if (turn.calls.empty()) return told_about(turn);
    std::set<std::string> given, found;
    for (const Call& call : turn.calls) {
        const GrammarTool* tool = grammar_.find(call.block->name);
        if (!tool) return "";
        for (std::string& handle : given_to(call, *tool)) given.insert(std::move(handle));
        const bool tells = !tool->spec->effects.writes && call.state == Call::State::good;
        if (tells && call.artifacts().empty())
            for (std::string& handle : handles_in(call.summary())) found.insert(std::move(handle));
    }
    // "Of 37 simulations, simulation-9 has the highest df."
    if (given.empty()) return only_one(found);
    const std::string one = only_one(given);
    return !one.empty() && is_called(one, turn.text) ? one : "";
}

bool BroughtUp::is_called(const std::string& handle, const std::string& text) {
    if (!names_) names_ = given_names(history_);
    const auto name = names_->find(handle);
    return says_name(text, handle) || (name != names_->end() && says_name(text, name->second));
}

}  // namespace assistd::providers::offline
