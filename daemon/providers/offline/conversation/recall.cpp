#include "providers/offline/conversation/recall.h"

#include <algorithm>
#include <array>

#include "providers/offline/conversation/names.h"
#include "providers/offline/conversation/subjects.h"
#include "providers/offline/orders/relative_values.h"
#include "providers/offline/orders/repeat_words.h"
#include "providers/offline/orders/study_order.h"
#include "providers/offline/words/openings.h"
#include "providers/offline/words/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

constexpr std::size_t farthest = 50;  // exchanges that are looked through
constexpr int most_repeats = 20;
constexpr int most_seeds = 10'000;  // of a study
constexpr const char* details_tool = "get_simulation_details";

bool makes(const Call& call, const std::string& kind) {
    const auto made = call.artifacts();
    return std::ranges::any_of(made, [&](const MadeArtifact& artifact) { return artifact.kind == kind; });
}

// Whether the tool draws a seed and makes something of nothing: only then do seeds tell runs apart.
bool grows(const GrammarTool& tool) {
    const auto takes = [](const Argument& one) { return one.takes_artifacts() && one.required; };
    return tool.find("seed") && std::ranges::none_of(tool.arguments, takes);
}

std::string in_bold(const std::string& text) {
    return "**" + text + "**";
}

// What the tool was called with, as bindings of its arguments: one value, or a study's list of them.
void bind_all(Step& step, const json& arguments, bool lists) {
    for (std::size_t i = 0; i < step.tool->arguments.size(); ++i) {
        const std::string& name = step.tool->arguments[i].name;
        if (!arguments.is_object() || !arguments.contains(name)) continue;
        SlotValue value;
        if (lists)
            value.values.assign(arguments[name].begin(), arguments[name].end());
        else
            value.values.push_back(arguments[name]);
        step.bindings.push_back({static_cast<int>(i), std::move(value)});
    }
}

void unbind(Step& step, int argument) {
    std::erase_if(step.bindings, [argument](const Binding& one) { return one.argument == argument; });
}

void unbind(Step& step, const Argument* argument) {
    if (argument) unbind(step, static_cast<int>(argument - step.tool->arguments.data()));
}

// "And simulation-3?", "the same for the second one": what the tool works on instead.
std::optional<Match> other_subject(const GrammarTool& tool, Tokens words) {
    static constexpr std::array<std::string_view, 5> joins{"for", "with", "of", "on", "to"};
    drop_marks(words);
    skip_any(words, joins);
    if (words.empty()) return std::nullopt;
    for (std::size_t i = 0; i < tool.arguments.size(); ++i) {
        const Argument& argument = tool.arguments[i];
        if (!argument.takes_artifacts() || !argument.required) continue;
        const bool list = argument.type == ArgumentType::artifacts;
        for (const SlotReading& reading : read_reference(argument.kinds, list, words, 0)) {
            const bool is_other =
                reading.next == words.size() && !reading.value.reference->is_newest_of_any();
            if (!is_other) continue;
            Match match;
            match.bindings.push_back({static_cast<int>(i), reading.value});
            return match;
        }
    }
    return std::nullopt;
}

}  // namespace

// Puts what the words change in the place of what was.
bool Recall::change(Step& step, const json& arguments, Tokens changes) const {
    const Argument* drawn = other_value(*step.tool, changes);
    auto match =
        changes.empty() || drawn ? std::optional<Match>(Match()) : grammar_.read_options(*step.tool, changes);
    if (auto binding = match ? std::nullopt : relative_value(grammar_, *step.tool, arguments, changes))
        match.emplace().bindings.push_back(std::move(*binding));
    if (!match) match = other_subject(*step.tool, changes);
    if (!match) match = grammar_.read_needed_number(*step.tool, changes);
    if (!match) return false;
    unbind(step, drawn);
    for (Binding& binding : match->bindings) {
        unbind(step, binding.argument);
        step.bindings.push_back(std::move(binding));
    }
    return true;
}

// What has a name is made under another when it is made once more, so that the name goes on to mean one
// thing.
void Recall::rename(Step& step, const json& arguments) const {
    const Argument* name = step.tool->find("name");
    const json was = arguments.value("name", json());
    if (!name || !was.is_string() || was == "") return;
    for (Binding& binding : step.bindings)
        if (binding.argument == static_cast<int>(name - step.tool->arguments.data()) &&
            binding.value.values == std::vector{was})
            binding.value.values = {name_of_rerun(history_, exchange_, was.get<std::string>())};
}

std::optional<Step> Recall::changed(const Call& call, Tokens changes) const {
    const GrammarTool* tool = grammar_.find(call.block->name);
    const json arguments = json::parse(call.block->arguments, nullptr, false);
    if (call.block->name == study_tool) return changed_study(call, arguments, changes);
    if (!tool || tool->spec->plugin == "assistd") return std::nullopt;
    return changed(*tool, arguments, changes);
}

std::optional<Step> Recall::changed(const GrammarTool& tool, const json& arguments, Tokens changes) const {
    if (!arguments.is_object()) return std::nullopt;
    Step step;
    step.tool = &tool;
    const bool new_seeds = !changes.empty() && stem(changes.back().text) == "seed";
    const Often often = take_count(changes, most_repeats);
    if (often.seeds && !grows(tool)) return std::nullopt;
    step.count = often.count;
    bind_all(step, arguments, false);
    if (new_seeds && step.count > 1) unbind(step, tool.find("seed"));
    if (!change(step, arguments, changes)) return std::nullopt;
    rename(step, arguments);
    return step;
}

// The study begun once more, with as many seeds as are said.
std::optional<Step> Recall::changed_study(const Call& call, const json& arguments, Tokens changes) const {
    if (call.state != Call::State::good || !arguments.is_object()) return std::nullopt;
    const json named = arguments.value("tool", json());
    const std::string name = named.is_string() ? named.get<std::string>() : "";
    const GrammarTool* tool = grammar_.find(name);
    if (!tool) tool = grammar_.find("run_" + name + "_simulation");
    if (!tool) return std::nullopt;
    Step step;
    step.tool = tool;
    const Often often = take_count(changes, most_seeds);
    if (often.count > 1 && !often.seeds) return std::nullopt;
    const json base = arguments.value("base_parameters", json::object());
    bind_all(step, base, false);
    bind_all(step, arguments.value("parameter_grid", json::object()), true);
    step.study_seeds = often.seeds ? often.count : arguments.value("seeds_per_combination", 1);
    if (often.seeds) unbind(step, tool->find("seed"));
    for (const char* more : {"then", "include_box_counting"})
        if (arguments.contains(more)) step.study_more[more] = arguments[more];
    if (!change(step, base, changes)) return std::nullopt;
    name_study(step);
    const json called = arguments.value("name", json());
    if (called.is_string() && !step.study_more.contains("name"))
        step.study_more["name"] = name_of_rerun(history_, exchange_, called.get<std::string>());
    step.add_note(study_note);
    return step;
}

// "Do it again as ply" of four exports means the four: the one argument in which such calls differed has the
// values of all, unless the words change it.
void Recall::take_others(Step& step, const Call& call, std::size_t exchange) {
    std::vector<json> all;
    for (const Call& other : history_.read(exchange).calls) {
        const json arguments = json::parse(other.block->arguments, nullptr, false);
        if (other.block->name == call.block->name && other.reply == call.reply && arguments.is_object())
            all.push_back(arguments);
    }
    std::vector<std::size_t> differing;
    const auto value_in = [](const json& arguments, const std::string& name) {
        return arguments.contains(name) ? arguments[name] : json();
    };
    for (std::size_t i = 0; i < step.tool->arguments.size(); ++i) {
        const std::string& name = step.tool->arguments[i].name;
        const bool differ = std::ranges::any_of(
            all, [&](const json& one) { return value_in(one, name) != value_in(all.front(), name); });
        if (differ) differing.push_back(i);
    }
    // "The same with 300 particles" of three that differ by their seeds alone are three.
    if (differing.empty() && step.count == 1) step.count = static_cast<int>(all.size());
    if (differing.size() != 1 || step.count > 1) return;
    const std::string& name = step.tool->arguments[differing.front()].name;
    const json own = value_in(json::parse(call.block->arguments, nullptr, false), name);
    for (Binding& binding : step.bindings)
        if (binding.argument == static_cast<int>(differing.front()) &&
            binding.value.values == std::vector{own}) {
            binding.value.values.clear();
            for (const json& one : all) binding.value.values.push_back(value_in(one, name));
        }
}

// "Do that again with 200" of a dla and a cca that were grown at once is the cca: says so.
void Recall::note_others(Step& step, const Call& call, std::size_t exchange, Tokens changes) {
    for (const Call& other : history_.read(exchange).calls) {
        if (other.reply != call.reply || other.block->name == call.block->name || !changed(other, changes))
            continue;
        step.add_note("Of what was done there I repeated **" + step.tool->spec->title +
                      "** alone; please name the others if you want them too.");
        return;
    }
}

// "The last step does not take that": says so rather than that it changes an older one of the same sort.
bool Recall::is_refused(const Call* newer, const Call& older, Tokens changes) {
    const GrammarTool* last = newer ? grammar_.find(newer->block->name) : nullptr;
    const GrammarTool* tool = grammar_.find(older.block->name);
    if (!last || !tool || last->spec->category != tool->spec->category) return false;
    const auto made = older.artifacts();
    refusal_ = in_bold(last->spec->title) + ", which ran last, does not take “" + as_written(changes) +
               "”, so I ran nothing.";
    if (!made.empty())
        refusal_ += " To run an older one again, call it by its name: “Repeat " + made.front().handle + " " +
                    as_written(changes) + "”.";
    return true;
}

std::optional<std::vector<Step>> Recall::again(Tokens words) {
    const auto repeat = read_repeat(words);
    if (!repeat) return std::nullopt;
    if (!repeat->handle.empty()) return again_of(*repeat, words);
    if (repeat->counted.ordinal > 0) {
        const Call* call = counted(repeat->counted);
        auto step = call ? changed(*call, repeat->changes) : std::nullopt;
        if (!call)
            refusal_ = "This conversation has not made so many, so I ran nothing.";
        else if (!step)
            refusal_ = in_bold(grammar_.find(call->block->name)->spec->title) + " does not take “" +
                       as_written(repeat->changes) + "”, so I ran nothing.";
        if (!step) return std::nullopt;
        step->text = as_written(words);
        return std::vector<Step>{std::move(*step)};
    }
    const std::size_t end = exchange_ > farthest ? exchange_ - farthest : 0;
    const Call* newer = nullptr;  // which does not take what is changed
    for (std::size_t i = exchange_; i-- > end;)
        for (const Call& call : Reversed(history_.read(i).calls)) {
            const std::string kind = repeat->kind.empty() && repeat->grows ? "simulation" : repeat->kind;
            const bool is_study = (kind == "study" || repeat->grows) && call.block->name == study_tool;
            if (!kind.empty() && !is_study && !makes(call, kind)) continue;
            auto step = changed(call, repeat->changes);
            if (!step) {
                const GrammarTool* tool = grammar_.find(call.block->name);
                if (!newer && tool && tool->spec->effects.writes) newer = &call;
                continue;
            }
            if (is_refused(newer, call, repeat->changes)) return std::nullopt;
            if (step->study_seeds == 0 && !repeat->is_one) take_others(*step, call, i);
            if (repeat->kind.empty()) note_others(*step, call, i, repeat->changes);
            step->text = as_written(words);
            return std::vector<Step>{std::move(*step)};
        }
    return std::nullopt;
}

// "Run simulation-2 again in 2d": with the arguments of the call that made it. One of another conversation is
// asked for its own.
std::optional<std::vector<Step>> Recall::again_of(const Repeat& repeat, Tokens words) {
    const Call* maker = maker_of(repeat.handle);
    const Call* details = maker ? nullptr : details_of(repeat.handle);
    const GrammarTool* looks_up = grammar_.find(details_tool);
    std::vector<Step> steps;
    if (!maker && looks_up && repeat.handle.starts_with("simulation-")) {
        Reference reference;
        reference.items.emplace_back().handle = repeat.handle;
        const Argument* argument = looks_up->find("simulation");
        if (!argument) return std::nullopt;
        Step step;
        step.tool = looks_up;
        step.only_looks_up = true;
        step.bindings.push_back({static_cast<int>(argument - looks_up->arguments.data()), {{}, reference}});
        steps.push_back(std::move(step));
        if (!details) return steps;
    }
    if (!maker && !details) {
        refusal_ = "Nothing in this conversation made " + in_bold(repeat.handle) + ", so I ran nothing.";
        return std::nullopt;
    }
    const GrammarTool* tool = grammar_.find(maker ? maker->block->name : details->text("tool"));
    auto step = maker  ? changed(*maker, repeat.changes)
                : tool ? changed(*tool, details->body["data"].value("arguments", json()), repeat.changes)
                       : std::nullopt;
    if (!step) {
        refusal_ = in_bold(tool ? tool->spec->title : repeat.handle) + ", which made " +
                   in_bold(repeat.handle) + ", does not take “" + as_written(repeat.changes) +
                   "”, so I ran nothing.";
        return std::nullopt;
    }
    const Argument* seed = step->tool->find("seed");
    const bool has_seed = seed && std::ranges::any_of(step->bindings, [&](const Binding& one) {
                              return one.argument == static_cast<int>(seed - step->tool->arguments.data());
                          });
    step->add_note("I took the arguments of " + in_bold(repeat.handle) +
                   (seed && !has_seed ? " and a new seed." : "."));
    step->text = as_written(words);
    step->ordered = true;
    steps.push_back(std::move(*step));
    return steps;
}

// "The second one" of what was made together last, else of all, the first first; without a kind, of what was
// made of nothing.
const Call* Recall::counted(const Reference::Item& item) {
    const Argument any;
    Reference::Item alike = item;
    alike.ordinal = 0;
    std::vector<const Call*> all;
    for (std::size_t i = exchange_; i-- > 0;) {
        std::vector<const Call*> together;
        for (const Call& call : history_.read(i).calls) {
            const GrammarTool* tool = grammar_.find(call.block->name);
            if (!tool || !tool->spec->effects.writes || call.state != Call::State::good) continue;
            if (item.kind.empty() && item.word().empty() && item.of.empty() && !grows(*tool)) continue;
            const auto made = call.artifacts();
            if (std::ranges::any_of(made, [&](const auto& artifact) { return fits(artifact, any, alike); }))
                together.push_back(&call);
        }
        const bool is_newest = all.empty();
        all.insert(all.begin(), together.begin(), together.end());
        if (is_newest && together.size() > 1) break;
    }
    const auto at = static_cast<std::size_t>(item.ordinal) - 1;
    return at < all.size() ? all[at] : nullptr;
}

// The call that made it here; null when it was made elsewhere. A study is made by its runs, which a notice
// tells.
const Call* Recall::maker_of(const std::string& handle) {
    for (std::size_t i = exchange_; i-- > 0;) {
        const Exchange& exchange = history_.read(i);
        for (const Call& call : Reversed(exchange.calls)) {
            const GrammarTool* tool = grammar_.find(call.block->name);
            const auto made = call.artifacts();
            if (tool && tool->spec->effects.writes &&
                std::ranges::find(made, handle, &MadeArtifact::handle) != made.end())
                return &call;
        }
        for (const std::string& notice : exchange.notices) {
            if (notice.find("(" + handle + ")") == std::string::npos) continue;
            for (std::size_t j = i + 1; j-- > 0;)
                for (const Call& call : Reversed(history_.read(j).calls))
                    if (tells_end(notice, call)) return &call;
        }
    }
    return nullptr;
}

// What was told of its making for this very sentence.
const Call* Recall::details_of(const std::string& handle) {
    for (const Call& call : history_.read(exchange_).calls) {
        const bool tells = call.block->name == details_tool && call.state == Call::State::good;
        if (tells && call.text("simulation") == handle) return &call;
    }
    return nullptr;
}

}  // namespace assistd::providers::offline
