// Questions about a value that an earlier result carries: "what is its Rg?", "and the kf of simulation-3?".

#include <algorithm>
#include <array>
#include <assistd/uncertain_number.hpp>
#include <set>

#include "providers/offline/conversation/brought_up.h"
#include "providers/offline/conversation/recall.h"
#include "providers/offline/conversation/told.h"
#include "providers/offline/words/openings.h"
#include "providers/offline/words/reversed.h"
#include "providers/offline/words/units.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr std::size_t farthest = 50;  // exchanges that are looked through

const json& data_of(const Call& call) {
    static const json nothing;
    if (!call.body.is_object() || !call.body.contains("data")) return nothing;
    const json& data = call.body["data"];
    // What a job's status or a wait for it brought.
    if (data.is_object() && data.contains("result") && data["result"].is_object() &&
        data["result"].contains("data"))
        return data["result"]["data"];
    return data;
}

std::vector<std::string> handles_of(const Call& call, const GrammarTool& tool) {
    std::vector<std::string> handles;
    const json arguments = json::parse(call.block->arguments, nullptr, false);
    for (const Argument& argument : tool.arguments) {
        if (!argument.takes_artifacts() || !arguments.is_object() || !arguments.contains(argument.name))
            continue;
        const json& value = arguments[argument.name];
        const json list = value.is_array() ? value : json::array({value});
        for (const json& handle : list)
            if (handle.is_string()) handles.push_back(handle.get<std::string>());
    }
    for (const MadeArtifact& made : call.artifacts()) handles.push_back(made.handle);
    return handles;
}

bool takes_artifacts(const GrammarTool& tool) {
    return std::any_of(tool.arguments.begin(), tool.arguments.end(),
                       [](const Argument& argument) { return argument.takes_artifacts(); });
}

// "2.484 ± 0.012", "0.99964" of what is nearly 1, "10,000" of what is counted.
std::string number_text(const json& value, double error) {
    const double number = value.get<double>();
    if (value.is_number_integer() && error == 0) return readable_number(number);
    constexpr double nearly_one = 0.99;
    if (error == 0 && number > nearly_one && number < 1)
        return detail::fixed_text(number, std::min(detail::place_of_second_digit(1 - number), 9));
    return with_error(number, error);
}

bool is_length(const Property& property) {
    return property.key.starts_with("rg") || property.label.find("radius") != std::string::npos ||
           property.label.find("diameter") != std::string::npos;
}

// " nm" of a length, when the result names its unit; without one it is in particle radii when they are 1.
// What has a unit of its own, "mass_unit", has that.
std::string unit_of(const Property& property, const json& data) {
    if (const json own = data.value(property.key + "_unit", json()); own.is_string())
        return " " + own.get<std::string>();
    const auto unit = data.find("length_unit");
    const bool is_area = property.label.find("area") != std::string::npos;
    const bool is_volume = property.label == "volume";
    if (!is_length(property) && !is_area && !is_volume) return "";
    if (unit != data.end() && unit->is_string())
        return " " + unit->get<std::string>() + (is_volume ? "³" : is_area ? "²" : "");
    if (is_area || is_volume) return "";
    const bool in_radii = property.key != "particle_radius" && data.value("particle_radius", json()) == 1;
    return in_radii ? " a" : "";
}

// How many of the wanted unit the length's own is; 0 when they have nothing to do with each other.
double units_in(const json& data, const std::string& wanted) {
    const json own = data.value("length_unit", json()), radius = data.value("particle_radius", json());
    const double size = radius.is_number() ? radius.get<double>() : 0;
    if (wanted == "a") return size > 0 ? 1 / size : 0;
    const double meters = own.is_string() ? meters_of(own.get<std::string>()) : 0;
    return meters > 0 ? meters / meters_of(wanted) : 0;
}

const Property* property_of(const GrammarTool& tool, const std::vector<std::string>& words,
                            const json& data) {
    for (const Property& property : tool.properties)
        if (std::find(property.names.begin(), property.names.end(), words) != property.names.end() &&
            data.is_object() && data.contains(property.key) && data[property.key].is_number())
            return &property;
    return nullptr;
}

}  // namespace

const json* Told::exact() const {
    const auto found = data->find(property->key + "_ideal");
    return found != data->end() && found->is_number() ? &*found : nullptr;
}

bool Told::is_own() const {
    return !takes_artifacts(*tool);
}

// One without a name is that of the fitted dimension; several views tell that of each mean.
double Told::error() const {
    const std::string& key = property->key;
    const auto number_at = [](const json& object, const std::string& name) {
        const json found = object.is_object() ? object.value(name, json()) : json();
        return found.is_number() ? found.get<double>() : 0;
    };
    for (const char* ending : {"_stderr", "_error"})
        if (const double error = number_at(*data, key + ending); error > 0) return error;
    const json views = data->value("views", json());
    const json figures = views.is_object() ? views.value("figures", json()) : json();
    if (figures.is_object() && figures.contains(key)) return number_at(figures[key], "standard_error");
    return key == "df" ? number_at(*data, "standard_error") : 0;
}

// A result may tell what another tool had said: the details of a simulation are those of its run.
Told told_by(const Call& call, const Grammar& grammar, const std::vector<std::string>& words) {
    Told told;
    told.tool = grammar.find(call.block->name);
    if (!told.tool || call.state != Call::State::good) return told;
    told.handles = handles_of(call, *told.tool);
    told.data = &data_of(call);
    if (told.data->is_object() && told.data->contains("details") && (*told.data)["details"].is_object())
        if (const GrammarTool* maker = grammar.find(call.text("tool"))) {
            told.tool = maker;
            told.data = &(*told.data)["details"];
        }
    told.property = property_of(*told.tool, words, *told.data);
    return told;
}

// "fractal dimension 2.48 ± 0.01 (DLA simulation)", with what to mind.
std::string value_of(const Told& told, const std::string& wanted, bool asks_error) {
    const json& data = *told.data;
    const bool is_asked = !wanted.empty() && is_length(*told.property);
    const double factor = is_asked ? units_in(data, wanted) : 0;
    const std::string& key = told.property->key;
    const double error = told.error();
    // A seed is a name rather than a number.
    std::string number = key == "seed" ? data[key].dump() : number_text(data[key], error);
    number += unit_of(*told.property, data);
    if (factor > 0) number = number_text(data[key].get<double>() * factor, error * factor) + " " + wanted;
    if (told.exact()) number = number_text(*told.exact(), 0) + ", exact; measured " + number;
    std::string text = told.property->label + " " + number;
    text += " (" + (told.tool->spec->title.empty() ? told.tool->spec->name : told.tool->spec->title);
    if (asks_error && error == 0) text += "; the result tells no error of it";
    const json warnings = data.value("warnings", json());
    if (warnings.is_array())
        for (const json& warning : warnings)
            if (warning.is_string()) text += "; " + warning.get<std::string>();
    while (text.ends_with('.')) text.pop_back();
    if (is_asked && factor == 0)
        text += "; it has no unit of length, so I cannot tell it in " + wanted +
                ": grown with a radius such as 25 nm it has one";
    return text + ")";
}

std::optional<Recall::Question> Recall::read_question(Tokens words) const {
    static constexpr std::array<std::string_view, 14> openings{
        "what is",    "whats",        "what was",    "what are",    "tell me", "give me",    "show me",
        "how big is", "how large is", "how high is", "and what is", "and",     "what about", "do you know"};
    static constexpr std::array<std::string_view, 5> owners{"its", "their", "the", "his", "that"};
    const bool marked = !words.empty() && words.back().text == "?";
    drop_marks(words);
    words = without_politeness(words);
    Question question;
    if (words.size() > 2 && words[words.size() - 2].text == "in" &&
        (is_unit(words.back().text) || words.back().text == "a")) {
        question.unit = is_unit(words.back().text) ? unit_symbol(words.back().text) : "a";
        words = words.first(words.size() - 2);
    }
    static constexpr std::array<std::string_view, 10> errors{
        "error of",       "error on",       "error in",     "standard error of", "uncertainty of",
        "uncertainty in", "uncertainty on", "error bar of", "fit error of",      "statistical error of"};
    const bool opened = skip_any(words, openings);
    bool owned = skip_any(words, owners);
    question.asks_error = skip_any(words, errors);
    owned = (question.asks_error && skip_any(words, owners)) || owned;
    std::size_t at = 0;
    for (; at < words.size() && at < 5; ++at) {
        const bool reference = (words[at].text == "of" || words[at].text == "for") && at + 1 < words.size() &&
                               !read_reference({}, false, words, at + 1).empty() &&
                               read_reference({}, false, words, at + 1).back().next == words.size();
        if (reference) {
            const Reference meant = *read_reference({}, false, words, at + 1).back().value.reference;
            // "of the second one" is looked up by the planner.
            if (meant.plural() || !(meant.only_handles() || meant.is_newest_of_any())) return std::nullopt;
            question.handle = meant.items.front().handle;
            return question;
        }
        std::string text = words[at].text;
        std::erase(text, '_');
        question.property.push_back(stem(text));
    }
    if (at != words.size() || question.property.empty() || !(opened || owned || marked)) return std::nullopt;
    return question;
}

std::optional<std::string> Recall::untold(Tokens words) const {
    const auto question = read_question(words);
    if (!question) return std::nullopt;
    for (const auto& tool : grammar_.tools())
        for (const Property& property : tool->properties) {
            const auto& names = property.names;
            if (std::find(names.begin(), names.end(), question->property) == names.end()) continue;
            const std::string& title = tool->spec->title.empty() ? tool->spec->name : tool->spec->title;
            return "No result in this conversation tells the " + property.label +
                   (question->handle.empty() ? "" : " of **" + question->handle + "**") + "; " + title +
                   " reports it for what it makes.";
        }
    return std::nullopt;
}

// What its run says of it, and beside it what was measured later; empty when no result here tells it.
std::string Recall::value_of_thing(const std::string& handle, const Question& question) {
    const std::vector<std::string>& property = question.property;
    std::string own, measured;
    std::set<const GrammarTool*> told_already;
    const std::size_t end = exchange_ > farthest ? exchange_ - farthest : 0;
    for (std::size_t i = exchange_; i-- > end;)
        for (const Call& call : Reversed(history_.read(i).calls)) {
            const Told told = told_by(call, grammar_, property);
            if (!told || std::ranges::find(told.handles, handle) == told.handles.end()) continue;
            if (!told_already.insert(told.tool).second) continue;
            (told.is_own() ? own : measured) +=
                (told.is_own() ? "" : "; ") + value_of(told, question.unit, question.asks_error);
        }
    // Its run may have been elsewhere: whoever asks for the details is told.
    if (own.empty() && is_told_by_a_run(property)) return "";
    if (own.empty() && !measured.empty()) measured.erase(0, 2);
    return own.empty() && measured.empty() ? "" : "**" + handle + "**: " + own + measured;
}

bool Recall::is_told_by_a_run(const std::vector<std::string>& property) const {
    return std::ranges::any_of(grammar_.tools(), [&](const auto& tool) {
        return !takes_artifacts(*tool) && std::ranges::any_of(tool->properties, [&](const Property& known) {
            return std::ranges::find(known.names, property) != known.names.end();
        });
    });
}

// Goes back from what was made last until a result carries the value; what that is about is answered for.
std::optional<std::string> Recall::told(Tokens words) {
    const auto question = read_question(words);
    if (!question) return std::nullopt;
    if (!question->handle.empty()) {
        const std::string text = value_of_thing(question->handle, *question);
        return text.empty() ? std::nullopt : std::optional(text + ".");
    }
    const auto& attached = history_.exchanges()[exchange_].attached;
    const std::set<std::string> subject(attached.begin(), attached.end());
    BroughtUp brought_up(grammar_, history_);
    const std::size_t end = exchange_ > farthest ? exchange_ - farthest : 0;
    for (std::size_t i = exchange_; i-- > end;) {
        const auto& calls = history_.read(i).calls;
        // What a background job made came with a notice, which carries no values.
        if (subject.empty() && !history_.exchanges()[i].noticed.empty()) return std::nullopt;
        std::vector<std::string> answers;
        bool made = false;
        const GrammarTool* answering = nullptr;
        for (const Call& call : Reversed(calls)) {
            const GrammarTool* tool = grammar_.find(call.block->name);
            if (!tool || call.state != Call::State::good) continue;
            const Told told = told_by(call, grammar_, question->property);
            const bool meant = subject.empty() || std::ranges::any_of(told.handles, [&](const auto& handle) {
                                   return subject.count(handle) > 0;
                               });
            if (!meant) continue;
            // "It" reaches back over plots and files to the newest thing that was not made from another.
            made = made || (!call.artifacts().empty() && !takes_artifacts(*tool));
            if (!told || (answering && answering != told.tool)) continue;
            answering = told.tool;
            std::string answer = told.handles.empty() ? "" : value_of_thing(told.handles.front(), *question);
            if (answer.empty())
                answer = (told.handles.empty() ? "" : "**" + told.handles.front() + "**: ") +
                         value_of(told, question->unit, question->asks_error);
            if (std::ranges::find(answers, answer) == answers.end()) answers.insert(answers.begin(), answer);
        }
        if (const std::string about = answers.empty() && subject.empty() ? brought_up.in(i) : "";
            !about.empty()) {
            const std::string text = value_of_thing(about, *question);
            return text.empty() ? std::nullopt : std::optional(text + ".");
        }
        if (answers.empty() && made && subject.empty()) return std::nullopt;
        if (answers.empty()) continue;
        std::string text;
        for (const std::string& answer : answers)
            text += (answers.size() > 1 ? "- " : "") + answer + (answers.size() > 1 ? "\n" : ".");
        return text;
    }
    return std::nullopt;
}

}  // namespace assistd::providers::offline
