#include "providers/offline/reply/reply.h"

#include <algorithm>
#include <array>
#include <set>

#include "providers/offline/orders/missing.h"
#include "providers/offline/reply/result_text.h"

namespace assistd::providers::offline {
namespace {

std::string title_of(const GrammarTool& tool) {
    if (!tool.spec->title.empty()) return tool.spec->title;
    std::string name = tool.spec->name;
    std::replace(name.begin(), name.end(), '_', ' ');
    if (!name.empty()) name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    return name;
}

// A tool that only tells something: its data is the answer.
bool only_tells(const GrammarTool& tool, const Call& call) {
    const bool works_on = std::any_of(tool.arguments.begin(), tool.arguments.end(),
                                      [](const Argument& argument) { return argument.takes_artifacts(); });
    return !works_on && call.artifacts().empty();
}

std::string in_quotes(const std::string& sentence) {
    return "“" + sentence + "”";
}

// What is shown first: tools that make something, then those that work on it, then those that only tell.
int rank_of(const GrammarTool& tool) {
    if (tool.find("job_id")) return 3;
    const bool reads = std::any_of(tool.arguments.begin(), tool.arguments.end(),
                                   [](const Argument& argument) { return argument.takes_artifacts(); });
    const bool needs = std::any_of(tool.arguments.begin(), tool.arguments.end(),
                                   [](const Argument& argument) { return argument.required; });
    return reads ? 1 : needs ? 0 : 2;
}

// At most `most` sentences, of tools of all ranks but the last. Of each rank the tools that understand the
// most come first.
std::vector<std::string> examples_of(const Grammar& grammar, std::size_t most) {
    constexpr int ranks = 3;
    std::array<std::vector<const GrammarTool*>, ranks> tools;
    for (const auto& tool : grammar.tools())
        if (const int rank = rank_of(*tool); rank < ranks && !tool->examples.empty())
            tools[static_cast<std::size_t>(rank)].push_back(tool.get());
    std::vector<std::pair<int, std::string>> picked;
    for (auto& of_rank : tools)
        std::stable_sort(of_rank.begin(), of_rank.end(),
                         [](const GrammarTool* one, const GrammarTool* other) {
                             return one->spec->phrases.size() > other->spec->phrases.size();
                         });
    for (std::size_t place = 0; picked.size() < most; ++place) {
        const std::size_t before = picked.size();
        for (int rank = 0; rank < ranks && picked.size() < most; ++rank) {
            const auto& of_rank = tools[static_cast<std::size_t>(rank)];
            if (place < of_rank.size()) picked.emplace_back(rank, of_rank[place]->examples.front());
        }
        if (picked.size() == before) break;
    }
    std::stable_sort(picked.begin(), picked.end(),
                     [](const auto& one, const auto& other) { return one.first < other.first; });
    std::vector<std::string> examples;
    for (auto& [rank, example] : picked) examples.push_back(std::move(example));
    return examples;
}

std::string listed_examples(const Grammar& grammar, std::size_t most) {
    std::string text;
    for (const std::string& example : examples_of(grammar, most)) text += "- " + in_quotes(example) + "\n";
    return text;
}

// Descriptions go on with advice for models; people get the first sentence.
std::string first_sentence(std::string text) {
    if (const auto end = text.find(". "); end != std::string::npos) text.resize(end + 1);
    return text;
}

std::string arguments_text(const GrammarTool& tool) {
    std::string text;
    for (const Argument& argument : tool.arguments) {
        text += "- `" + argument.name + "`" + (argument.required ? " (needed)" : "");
        if (!argument.description.empty()) text += ": " + first_sentence(argument.description);
        if (const std::string bounds = argument.bounds(); !bounds.empty()) text += " (" + bounds + ")";
        text += "\n";
    }
    return text;
}

std::string describe(const GrammarTool& tool) {
    std::string text = "**" + title_of(tool) + "** (`" + tool.spec->name +
                       "`): " + first_sentence(tool.spec->description) + "\n";
    if (!tool.arguments.empty()) text += "\n" + arguments_text(tool);
    if (!tool.examples.empty()) text += "\nFor example: " + in_quotes(tool.examples.front());
    return text;
}

// What was asked for may be one of these.
std::string missing_tools(const Grammar& grammar) {
    std::string text;
    for (const std::string& reason : grammar.missing()) text += "\n- " + reason;
    return text.empty() ? "" : "\n\nNot there now:\n" + text;
}

std::string all_tools(const Grammar& grammar) {
    if (grammar.tools().empty()) return "There are no tools that I may use here." + missing_tools(grammar);
    std::string text = "These are the tools I can use:\n\n";
    for (const auto& tool : grammar.tools()) {
        text += "- **" + tool->spec->name + "**: " + first_sentence(tool->spec->description) + "\n";
    }
    return text + "\nSay “help with” and a name to learn more about one." + missing_tools(grammar);
}

std::string offer(const Grammar& grammar, const std::string& opening) {
    if (grammar.tools().empty())
        return opening + "There are no tools that I may use here, so there is nothing I could run for you.";
    return opening + "You could say, for example:\n\n" + listed_examples(grammar, 5) +
           "\nSeveral steps in one sentence are fine, joined by “then” or “and”. “List tools” shows "
           "everything.";
}

std::string last_word(const std::string& title) {
    return stem(title.substr(title.rfind(' ') + 1));
}

// "Write a report as pdf": which reports there are.
std::string relatives(const Grammar& grammar, const MessageReading& reading) {
    static constexpr std::array<std::string_view, 4> forms{"as ", "in ", "into ", "to "};
    const bool is_form = std::any_of(forms.begin(), forms.end(), [&](std::string_view form) {
        return reading.strange_part.starts_with(form);
    });
    if (!reading.understood_tool || !is_form) return "";
    std::string text;
    std::size_t count = 0;
    for (const auto& tool : grammar.tools()) {
        const bool alike = tool->spec->plugin == reading.understood_tool->spec->plugin &&
                           last_word(title_of(*tool)) == last_word(title_of(*reading.understood_tool));
        if (!alike) continue;
        ++count;
        text += "- **" + title_of(*tool) + "**: " + first_sentence(tool->spec->description) + "\n";
    }
    return count > 1 ? "\n\nThere are:\n\n" + text : "";
}

// "Grow 1e5.5 particles"
std::string broken_number(const MessageReading& reading) {
    const auto found = std::ranges::find_if(reading.tokens, is_broken_number);
    if (found == reading.tokens.end()) return "";
    return " " + in_quotes(found->raw) + " is no number that I can read; write it as 300000, 300k or 3e5.";
}

// The words of an order whose pieces I know, or what comes close.
std::string not_understood(const Grammar& grammar, const Intent& intent) {
    const MessageReading& reading = intent.reading;
    if (reading.too_long)
        return "That message is too long for me to read as an order, so I ran nothing. Please say in a "
               "sentence or two "
               "what I should do.";
    if (reading.negated)
        return "I read a “not” in that, so I ran nothing. If there is something I should do, please say just "
               "that.";
    if (!reading.strange_part.empty())
        return "I understood " + in_quotes(reading.understood_part) + ", but not " +
               in_quotes(reading.strange_part) +
               ", so I ran nothing yet. Please put that part differently, or leave it out." +
               broken_number(reading) + relatives(grammar, reading);
    if (std::string text = told_missing(grammar, reading.tokens); !text.empty()) return text;
    if (const GrammarTool* tool = grammar.closest(reading.tokens); tool && !tool->examples.empty()) {
        std::string text = "I did not quite understand that." + broken_number(reading) +
                           " Did you mean something like this?\n\n";
        for (std::size_t i = 0; i < tool->examples.size() && i < 3; ++i)
            text += "- " + in_quotes(tool->examples[i]) + "\n";
        return text + "\n“Help with " + tool->spec->name + "” tells more.";
    }
    return offer(
        grammar,
        "I did not understand that. I am the built-in offline assistant: I run the installed tools, and "
        "I know only the sentences that they teach me. ");
}

std::string ask(const Intent& intent) {
    std::string text = intent.note.empty() ? "" : intent.note + " ";
    text += intent.argument->question();
    if (intent.steps.size() > 1)
        text += "\n\n(For " + in_quotes(intent.steps[intent.step].text) + ". I start when I know this.)";
    if (!intent.note.empty()) text += " Say “never mind” to leave it.";
    return text;
}

std::string choose(const Intent& intent) {
    std::string text = intent.note.empty() ? "" : intent.note + " ";
    text += "What do you mean by " + in_quotes(intent.readings[intent.step].front().text) + "?\n\n";
    std::size_t number = 0;
    for (const Step& choice : intent.readings[intent.step])
        text += std::to_string(++number) + ". " + title_of(*choice.tool) + " (`" + choice.tool->spec->name +
                "`)\n";
    return text;
}

// One thing that could come next: a tool that takes what was made and has not run in this turn.
// Where a tool's phrases name makers of what it takes, "of run_box_counting", it takes nothing of the others.
bool takes_what_these_made(const Grammar& grammar, const GrammarTool& tool,
                           const std::set<std::string>& ran) {
    const auto is_named = [&](const std::string& maker) {
        return std::ranges::any_of(tool.spec->phrases, [&](const std::string& phrase) {
            return phrase.find(maker) != std::string::npos;
        });
    };
    if (std::ranges::any_of(ran, is_named)) return true;
    std::set<std::string> categories;
    for (const std::string& name : ran)
        if (const GrammarTool* maker = grammar.find(name)) categories.insert(maker->spec->category);
    return std::ranges::none_of(grammar.tools(), [&](const auto& maker) {
        return categories.contains(maker->spec->category) && is_named(maker->spec->name);
    });
}

std::string next_step(const Grammar& grammar, const Plan& plan) {
    std::set<std::string> made;
    std::set<std::string> ran;
    for (const Plan::Progress& progress : plan.steps)
        for (const Call* call : progress.calls) {
            ran.insert(call->block->name);
            for (const MadeArtifact& artifact : call->artifacts()) made.insert(artifact.kind);
        }
    const GrammarTool* best = nullptr;
    for (const auto& tool : grammar.tools()) {
        if (ran.count(tool->spec->name) > 0 || tool->examples.empty()) continue;
        const bool takes_it =
            std::any_of(tool->arguments.begin(), tool->arguments.end(), [&](const Argument& argument) {
                return argument.type == ArgumentType::artifact && argument.required &&
                       std::any_of(argument.kinds.begin(), argument.kinds.end(),
                                   [&](const std::string& kind) { return made.count(kind) > 0; });
            });
        // What it needs beside that nobody has said, and a made-up value makes no sense.
        const bool needs_more =
            std::any_of(tool->arguments.begin(), tool->arguments.end(), [](const Argument& argument) {
                return argument.required && !argument.has_default && !argument.takes_artifacts();
            });
        if (!takes_it || needs_more || !takes_what_these_made(grammar, *tool, ran)) continue;
        const bool analysis = tool->spec->category == "analysis";
        if (!best || (analysis && best->spec->category != "analysis")) best = tool.get();
    }
    if (!best) return "";
    std::string example = best->examples.front();
    std::set<std::string> named = made;
    for (const Argument& argument : best->arguments)
        named.insert(argument.kinds.begin(), argument.kinds.end());
    for (const std::string& kind : named)
        if (const auto at = example.find("the last " + kind); at != std::string::npos)
            example.replace(at, 9 + kind.size(), "it");
    return "\n\nNext you could say " + in_quotes(example) + ".";
}

// One line, however many there are.
std::string running_text(const Plan::Progress& progress) {
    std::vector<std::string> jobs;
    for (const Call* call : progress.calls)
        if (call->state == Call::State::running) jobs.push_back(call->job);
    if (jobs.empty()) return "";
    const std::string title = title_of(*progress.step->tool);
    if (jobs.size() == 1)
        return title + " goes on in the background as " + jobs.front() +
               ". You will find its result in this conversation; ask “how is the job?” any time.";
    return std::to_string(jobs.size()) + " runs of " + title + " go on in the background (" + jobs.front() +
           " to " + jobs.back() +
           "). You will find what each makes in this conversation; “list my running jobs” says how far they "
           "are.";
}

// Whatever was said with the order that was none.
std::string remarks(const Intent& intent) {
    if (intent.left_out.empty()) return "";
    return "\n\nI left this out because I did not understand it: " + in_quotes(intent.left_out.front()) + ".";
}

}  // namespace

std::string reply_to_order(const Grammar& grammar, const Plan& plan, const Intent& intent) {
    std::vector<std::string> lines;
    std::string rows;
    std::string failures;
    std::vector<std::string> left;
    bool running = false;
    for (const Plan::Progress& progress : plan.steps) {
        for (const Call* call : progress.calls) {
            const std::string title = title_of(*progress.step->tool);
            if (call->state == Call::State::good && progress.step->only_looks_up) continue;
            if (call->state == Call::State::good) {
                lines.push_back(result_line(*call, title));
                if (only_tells(*progress.step->tool, *call)) rows += result_rows(*call);
            } else if (call->state == Call::State::failed) {
                failures +=
                    (failures.empty() ? "" : "\n\n") + title + " did not work: " + failure_text(*call);
            }
        }
        if (std::string text = running_text(progress); !text.empty()) {
            running = true;
            lines.push_back(std::move(text));
        }
        if (progress.calls.empty() && !progress.needless) left.push_back(in_quotes(progress.step->text));
    }
    std::string text;
    if (lines.size() == 1) text = lines.front();
    for (std::size_t i = 0; lines.size() > 1 && i < lines.size(); ++i)
        text += (i > 0 ? "\n- " : "- ") + lines[i];
    if (!rows.empty()) text += "\n\n" + rows;
    if (!failures.empty()) text = failures + (lines.empty() ? "" : "\n\nDone before that:\n\n" + text);
    if (!plan.reason.empty()) text += (text.empty() ? "" : "\n\n") + plan.reason;
    const std::string still = left.empty() ? "" : join_words(left, "and");
    if (!left.empty() && plan.state == Plan::State::background)
        text += "\n\nStill to do once it has ended: " + still + ".";
    else if (!left.empty() && plan.state == Plan::State::stuck && plan.steps.size() > 1)
        text += " I left out " + still + ".";
    else if (!left.empty() && plan.state != Plan::State::stuck)
        text += (text.empty() ? "I could not do " : "\n\nNot done: ") + still + ".";
    if (plan.state == Plan::State::stuck)
        if (const auto examples = examples_of(grammar, 3);
            plan.steps.size() == 1 && !examples.empty() && !plan.has_begun)
            text += " You could begin with " + in_quotes(examples.front()) + ".";
    for (const std::string& note : plan.notes) text += (text.empty() ? "" : "\n\n") + note;
    text += remarks(intent);
    if (plan.state == Plan::State::done && left.empty() && !running) text += next_step(grammar, plan);
    return text;
}

std::string reply_to_talk(const Grammar& grammar, const Intent& intent) {
    switch (intent.kind) {
        case Intent::Kind::ask:
            return ask(intent);
        case Intent::Kind::choose:
            return choose(intent);
        case Intent::Kind::suggest:
            return "I did not understand that. Did you mean " + in_quotes(intent.suggestion) +
                   "? Say “yes” and I do it.";
        case Intent::Kind::cancelled:
            return "All right, I leave it.";
        case Intent::Kind::idle:
            return "All right. I am not waiting for an answer, so there is nothing to leave. To stop a "
                   "background job, say “cancel the job”.";
        case Intent::Kind::tell:
        case Intent::Kind::fragment:
            return intent.note;
        case Intent::Kind::greeting:
            return offer(grammar, "Hello! I run the installed tools for you. ");
        case Intent::Kind::thanks:
            return "You are welcome.";
        case Intent::Kind::help:
            return offer(
                grammar,
                "I am the built-in offline assistant: I understand requests in plain words and run the "
                "installed tools for them, without a key or a network. ");
        case Intent::Kind::list_tools:
            return all_tools(grammar);
        case Intent::Kind::describe:
            return describe(*intent.topic);
        case Intent::Kind::run:
        case Intent::Kind::name:
        case Intent::Kind::nothing:
            break;
    }
    return not_understood(grammar, intent) + missing_tools(grammar);
}

}  // namespace assistd::providers::offline
