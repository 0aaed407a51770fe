#include "providers/offline/recall.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <set>

#include "providers/offline/units.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr std::size_t farthest = 50;  // exchanges that are looked through

bool begins(Tokens words, std::string_view phrase, std::size_t& length) {
    length = 0;
    while (!phrase.empty()) {
        const std::size_t space = phrase.find(' ');
        if (length >= words.size() || words[length].text != phrase.substr(0, space)) return false;
        ++length;
        phrase = space == std::string_view::npos ? std::string_view() : phrase.substr(space + 1);
    }
    return true;
}

template <std::size_t n>
bool skip_any(Tokens& words, const std::array<std::string_view, n>& phrases) {
    std::size_t length = 0;
    for (const std::string_view phrase : phrases)
        if (begins(words, phrase, length)) {
            words = words.subspan(length);
            return true;
        }
    return false;
}

void drop_marks(Tokens& words) {
    const auto mark = [](const Token& token) {
        return token.kind == Token::Kind::stop || token.kind == Token::Kind::comma;
    };
    while (!words.empty() && mark(words.back())) words = words.first(words.size() - 1);
    while (!words.empty() && mark(words.front())) words = words.subspan(1);
}

// Takes "repeat that", "the same again", "now" off the words; false when they ask for no repetition.
// `needs_change` is set when only a change makes it one: "now with seed 3".
bool skip_opening(Tokens& words, bool& needs_change) {
    static constexpr std::array<std::string_view, 3> repeats{"repeat", "redo", "rerun"};
    static constexpr std::array<std::string_view, 10> verbs{
        "run", "do", "make", "try", "execute", "start", "grow", "generate", "create", "simulate"};
    static constexpr std::array<std::string_view, 3> others{"another one", "one more", "another"};
    static constexpr std::array<std::string_view, 24> objects{"the last simulation",
                                                              "the last run",
                                                              "the last one",
                                                              "the last analysis",
                                                              "the last step",
                                                              "the previous one",
                                                              "the previous run",
                                                              "the last call",
                                                              "the simulation",
                                                              "the run",
                                                              "the analysis",
                                                              "the plot",
                                                              "the same thing",
                                                              "the same simulation",
                                                              "the same run",
                                                              "the same",
                                                              "same thing",
                                                              "same simulation",
                                                              "same",
                                                              "that simulation",
                                                              "this simulation",
                                                              "it",
                                                              "that",
                                                              "this"};
    static constexpr std::array<std::string_view, 6> markers{"once more",    "one more time", "once again",
                                                             "another time", "over again",    "again"};
    static constexpr std::array<std::string_view, 6> turns{"and now", "what about", "how about",
                                                           "now",     "and",        "this time"};
    const bool repeat = skip_any(words, repeats);
    const Tokens at_verb = words;
    const bool verb = !repeat && skip_any(words, verbs);
    const bool same =
        !words.empty() &&
        (words[0].text == "same" || (words.size() > 1 && words[0].text == "the" && words[1].text == "same"));
    const bool object = skip_any(words, objects);
    const bool again = skip_any(words, markers);
    if (repeat || same || (again && (object || !verb))) return true;
    // "grow another one with seed 8"
    words = at_verb;
    if (skip_any(words, verbs) && skip_any(words, others)) return true;
    words = at_verb;
    needs_change = true;
    if (!skip_any(words, turns)) return false;
    // "now the same with 800 particles"
    static constexpr std::array<std::string_view, 6> alike{"the same thing", "the same",    "same thing",
                                                           "same",           "do the same", "it again"};
    if (skip_any(words, alike)) needs_change = false;
    return true;
}

// "with 3 different seeds": so often, each with a seed that is drawn; 1 when it is not said.
int skip_seeds(Tokens& words) {
    static constexpr std::array<std::string_view, 3> joins{"with", "using", "for"};
    static constexpr std::array<std::string_view, 6> seeds{"different seeds", "other seeds", "new seeds",
                                                           "random seeds",    "more seeds",  "seeds"};
    Tokens rest = words;
    skip_any(rest, joins);
    const auto number = read_number(rest, 0);
    if (!number || number->value < 2 || number->value > 20 || number->percent) return 1;
    rest = rest.subspan(number->next);
    if (!skip_any(rest, seeds) || !rest.empty()) return 1;
    words = rest;
    return static_cast<int>(number->value);
}

// "three times", "twice": how often; 1 when nothing is said.
int skip_count(Tokens& words) {
    std::size_t next = 0;
    int count = 0;
    if (!words.empty() && (words[0].text == "twice" || words[0].text == "thrice")) {
        count = words[0].text == "twice" ? 2 : 3;
        next = 1;
    } else if (const auto number = read_number(words, 0);
               number && number->value >= 1 && number->value <= 20 && !number->percent) {
        next = number->next;
        if (next < words.size() && words[next].text == "more") ++next;
        if (next >= words.size() || (words[next].text != "times" && words[next].text != "time")) return 1;
        count = static_cast<int>(number->value);
        ++next;
    } else {
        return skip_seeds(words);
    }
    if (count > 0) words = words.subspan(next);
    return std::max(count, 1);
}

// The words "with another seed" of an argument that may be left out; its value is drawn anew.
const Argument* other_value(const GrammarTool& tool, Tokens words) {
    static constexpr std::array<std::string_view, 3> joins{"with", "using", "for"};
    static constexpr std::array<std::string_view, 9> others{
        "a different", "another", "a new", "a random", "different", "new", "random", "other", "an other"};
    skip_any(words, joins);
    if (!skip_any(words, others) || words.size() != 1) return nullptr;
    for (const Argument& argument : tool.arguments)
        if (!argument.required && stem(words[0].text) == stem(argument.name)) return &argument;
    return nullptr;
}

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

// An error says no more than three decimals, like the tools' own summaries.
std::string error_text(const json& value) {
    const double error = value.get<double>();
    std::array<char, 40> text{};
    if (std::fabs(error) >= 0.0005)
        std::snprintf(text.data(), text.size(), "%.4g", std::round(error * 1000) / 1000);
    else
        std::snprintf(text.data(), text.size(), "%.1g", error);
    return text.data();
}

std::string number_text(const json& value) {
    if (value.is_number_integer()) return readable_number(value.get<double>());
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.4g", value.get<double>());
    return text.data();
}

// " nm" of a length, when the result names its unit; without one it is in particle radii when they are 1.
std::string length_unit(const Property& property, const json& data) {
    const auto unit = data.find("length_unit");
    const bool is_length = property.label.find("radius") != std::string::npos ||
                           property.label.find("diameter") != std::string::npos;
    if (!is_length) return "";
    if (unit != data.end() && unit->is_string()) return " " + unit->get<std::string>();
    const bool in_radii = property.key != "particle_radius" && data.value("particle_radius", json()) == 1;
    return in_radii ? " a" : "";
}

// "**simulation-3**: fractal dimension 2.48 ± 0.01 (DLA simulation)"
std::string answer_of(const Call& call, const GrammarTool& tool, const Property& property) {
    const json& data = data_of(call);
    const auto handles = handles_of(call, tool);
    std::string text = handles.empty() ? "" : "**" + handles.front() + "**: ";
    text += property.label + " " + number_text(data[property.key]) + length_unit(property, data);
    for (const std::string& error :
         {property.key + "_stderr", property.key + "_error", std::string("standard_error")})
        if (data.contains(error) && data[error].is_number() && property.key != error) {
            text += " ± " + error_text(data[error]);
            break;
        }
    const std::string& title = tool.spec->title.empty() ? tool.spec->name : tool.spec->title;
    return text + " (" + title + ")";
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

std::optional<Step> Recall::changed(const Call& call, Tokens changes) const {
    const GrammarTool* tool = grammar_.find(call.block->name);
    const json arguments = json::parse(call.block->arguments, nullptr, false);
    if (!tool || tool->spec->plugin == "assistd" || !arguments.is_object()) return std::nullopt;
    Step step;
    step.tool = tool;
    const bool with_seeds = !changes.empty() && stem(changes.back().text) == "seed";
    step.count = skip_count(changes);
    if (!changes.empty() && changes.front().text == "but") changes = changes.subspan(1);
    const Argument* drawn = other_value(*tool, changes);
    auto match =
        changes.empty() || drawn ? std::optional<Match>(Match()) : grammar_.read_options(*tool, changes);
    if (!match) match = grammar_.read_needed_number(*tool, changes);
    if (!match) return std::nullopt;
    for (std::size_t i = 0; i < tool->arguments.size(); ++i) {
        const Argument& argument = tool->arguments[i];
        const bool drawn_anew =
            &argument == drawn || (with_seeds && step.count > 1 && argument.name == "seed");
        if (drawn_anew || !arguments.contains(argument.name)) continue;
        SlotValue value;
        value.values.push_back(arguments[argument.name]);
        step.bindings.push_back({static_cast<int>(i), std::move(value)});
    }
    for (Binding& binding : match->bindings) {
        std::erase_if(step.bindings, [&](const Binding& b) { return b.argument == binding.argument; });
        step.bindings.push_back(std::move(binding));
    }
    return step;
}

std::optional<Step> Recall::again(Tokens words) {
    drop_marks(words);
    const Tokens bare = without_politeness(words);
    bool needs_change = false;
    // "now" and "again" may be said for politeness, or mean it.
    Tokens rest = words;
    if (!skip_opening(rest, needs_change)) {
        rest = bare;
        needs_change = false;
        if (!skip_opening(rest, needs_change)) return std::nullopt;
    }
    drop_marks(rest);
    rest = without_politeness(rest);
    if (!rest.empty() && (rest.back().text == "instead" || rest.back().text == "again"))
        rest = rest.first(rest.size() - 1);
    drop_marks(rest);
    if (rest.empty() && needs_change) return std::nullopt;
    const std::size_t end = exchange_ > farthest ? exchange_ - farthest : 0;
    for (std::size_t i = exchange_; i-- > end;) {
        const auto& calls = history_.read(i).calls;
        for (auto call = calls.rbegin(); call != calls.rend(); ++call)
            if (auto step = changed(*call, rest)) {
                step->text = as_written(words);
                return step;
            }
    }
    return std::nullopt;
}

std::optional<Recall::Question> Recall::read_question(Tokens words) const {
    static constexpr std::array<std::string_view, 14> openings{
        "what is",    "whats",        "what was",    "what are",    "tell me", "give me",    "show me",
        "how big is", "how large is", "how high is", "and what is", "and",     "what about", "do you know"};
    static constexpr std::array<std::string_view, 5> owners{"its", "their", "the", "his", "that"};
    const bool marked = !words.empty() && words.back().text == "?";
    drop_marks(words);
    words = without_politeness(words);
    // "in nm": lengths are told with their unit anyway.
    if (words.size() > 2 && words[words.size() - 2].text == "in" && is_unit(words.back().text))
        words = words.first(words.size() - 2);
    const bool opened = skip_any(words, openings);
    const bool owned = skip_any(words, owners);
    Question question;
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

// Goes back from what was made last until a result carries the value.
std::optional<std::string> Recall::told(Tokens words) {
    const auto question = read_question(words);
    if (!question) return std::nullopt;
    std::set<std::string> subject;
    if (!question->handle.empty()) subject.insert(question->handle);
    const auto& attached = history_.exchanges()[exchange_].attached;
    if (subject.empty()) subject.insert(attached.begin(), attached.end());
    const std::size_t end = exchange_ > farthest ? exchange_ - farthest : 0;
    for (std::size_t i = exchange_; i-- > end;) {
        const auto& calls = history_.read(i).calls;
        // What a background job made came with a notice, which carries no values.
        if (subject.empty() && !history_.exchanges()[i].noticed.empty()) return std::nullopt;
        std::vector<std::string> answers;
        bool made = false;
        const GrammarTool* answering = nullptr;
        for (auto call = calls.rbegin(); call != calls.rend(); ++call) {
            const GrammarTool* tool = grammar_.find(call->block->name);
            if (!tool || call->state != Call::State::good) continue;
            const auto handles = handles_of(*call, *tool);
            const bool meant =
                subject.empty() || std::any_of(handles.begin(), handles.end(),
                                               [&](const std::string& h) { return subject.count(h) > 0; });
            if (!meant) continue;
            // "It" reaches back over plots and files to the newest thing that was not made from another.
            made = made || (!call->artifacts().empty() && !takes_artifacts(*tool));
            const Property* property = property_of(*tool, question->property, data_of(*call));
            if (!property || (answering && answering != tool)) continue;
            answering = tool;
            answers.insert(answers.begin(), answer_of(*call, *tool, *property));
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
