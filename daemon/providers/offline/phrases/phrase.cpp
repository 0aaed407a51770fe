#include "providers/offline/phrases/phrase.h"

#include <algorithm>
#include <cstdlib>

#include "providers/offline/words/words.h"

namespace assistd::providers::offline {
namespace {

using Kind = PhraseNode::Kind;
constexpr std::size_t longest_phrase = 2000;  // bytes
constexpr std::size_t most_nodes = 300;
constexpr int deepest = 12;

class Parser {
  public:
    Parser(std::string_view text, const std::vector<Argument>& arguments)
        : text_(text), arguments_(arguments) {}

    PhraseNode run() {
        if (text_.size() > longest_phrase)
            throw PhraseError("is longer than " + std::to_string(longest_phrase) + " bytes");
        try {
            PhraseNode whole = alternatives(0);
            if (at_ < text_.size())
                throw PhraseError("has a \"" + std::string(1, text_[at_]) + "\" that closes nothing");
            return whole;
        } catch (const PhraseError& error) {
            throw PhraseError(error.what() + std::string(", at character ") + std::to_string(character()));
        }
    }

  private:
    // The first of what is wrong, counted from 1.
    std::size_t character() const {
        const std::string_view before = text_.substr(0, std::min(at_, text_.size()));
        return 1 + static_cast<std::size_t>(std::ranges::count_if(
                       before, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
    }

    PhraseNode make(Kind kind) {
        if (++nodes_ > most_nodes)
            throw PhraseError("has more than " + std::to_string(most_nodes) + " parts");
        PhraseNode node;
        node.kind = kind;
        return node;
    }

    // One or more sequences parted by "|", up to a closing bracket or the end.
    PhraseNode alternatives(int depth) {
        if (depth > deepest)
            throw PhraseError("is nested deeper than " + std::to_string(deepest) + " levels");
        PhraseNode choice = make(Kind::alternatives);
        choice.children.push_back(sequence(depth));
        while (at_ < text_.size() && text_[at_] == '|') {
            ++at_;
            choice.children.push_back(sequence(depth));
        }
        if (choice.children.size() == 1) {
            PhraseNode only = std::move(choice.children.front());
            return only;
        }
        return choice;
    }

    PhraseNode sequence(int depth) {
        PhraseNode list = make(Kind::sequence);
        while (at_ < text_.size() && text_[at_] != '|' && text_[at_] != ']' && text_[at_] != ')') {
            const char c = text_[at_];
            if (c == '[' || c == '(')
                list.children.push_back(group(c, depth));
            else if (c == '{')
                list.children.push_back(slot());
            else
                words(list);
        }
        return list;
    }

    PhraseNode group(char open, int depth) {
        const std::size_t begun = at_++;
        PhraseNode inner = alternatives(depth + 1);
        const char close = open == '[' ? ']' : ')';
        if (at_ >= text_.size() || text_[at_] != close) {
            at_ = begun;
            throw PhraseError(std::string("has a \"") + open + "\" without its \"" + close + "\"");
        }
        ++at_;
        if (open == '(') return inner;
        PhraseNode optional = make(Kind::optional);
        optional.children.push_back(std::move(inner));
        return optional;
    }

    PhraseNode slot() {
        const std::size_t end = text_.find('}', at_);
        if (end == std::string_view::npos) throw PhraseError("has a \"{\" without its \"}\"");
        const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
        const std::size_t equals = inside.find('=');
        std::string name(inside.substr(0, equals));
        PhraseNode node = make(equals == std::string_view::npos ? Kind::slot : Kind::assign);
        read_marks(name, node);
        const auto found = std::find_if(arguments_.begin(), arguments_.end(),
                                        [&](const Argument& a) { return a.name == name; });
        if (found == arguments_.end())
            throw PhraseError("names \"" + valid_utf8(name) + "\", which is no argument of the tool");
        check_marks(*found, node);
        node.argument = static_cast<int>(found - arguments_.begin());
        if (node.kind == Kind::assign && equals != std::string_view::npos && found->takes_artifacts())
            assign_artifacts(*found, inside.substr(equals + 1), node);
        else if (node.kind == Kind::assign && equals != std::string_view::npos)
            node.value = assigned(*found, std::string(inside.substr(equals + 1)));
        else if (found->type == ArgumentType::other)
            throw PhraseError("has a slot for \"" + name + "\", whose type cannot be read from words");
        at_ = end + 1;
        return node;
    }

    // "{radius*0.5}", "{study!}", "{sigma_g?}" and "{p?=0.1}": takes what stands behind the name.
    static void read_marks(std::string& name, PhraseNode& node) {
        if (const std::size_t times = name.find('*'); times != std::string::npos && node.kind == Kind::slot) {
            node.factor = std::strtod(name.c_str() + times + 1, nullptr);
            if (!(node.factor > 0)) throw PhraseError("has a \"*\" without a number above 0 behind it");
            name.resize(times);
        }
        node.named = node.kind == Kind::slot && name.ends_with('!');
        node.usual = name.ends_with('?');
        if (node.named || node.usual) name.pop_back();
        if (node.usual) node.kind = Kind::assign;
    }

    static void check_marks(const Argument& argument, const PhraseNode& node) {
        if (node.named && !argument.takes_artifacts() && argument.type != ArgumentType::study)
            throw PhraseError("has a \"!\" behind \"" + argument.name + "\", which takes no artifact");
        if (node.factor != 1 && argument.type != ArgumentType::number)
            throw PhraseError("has a \"*\" behind \"" + argument.name + "\", which is no number");
    }

    // "{source=simulation, run_box_counting}", "{sources=everything}" and "{overlay=together}".
    static void assign_artifacts(const Argument& argument, std::string_view text, PhraseNode& node) {
        node.usual = true;
        node.reference = usual_reference(text);
        const Reference::Item& item = node.reference->items.front();
        if (item.several && argument.type != ArgumentType::artifacts)
            throw PhraseError("sets \"" + argument.name + "\", which takes one artifact, to \"" +
                              valid_utf8(text) + "\"");
        const auto fits = [&](const std::string& name) {
            return argument.kinds.empty() || name.find('_') != std::string::npos ||
                   std::find(argument.kinds.begin(), argument.kinds.end(), name) != argument.kinds.end();
        };
        if ((!item.several && item.of.empty()) || !std::all_of(item.of.begin(), item.of.end(), fits))
            throw PhraseError("sets \"" + argument.name + "\" to \"" + valid_utf8(text) +
                              "\", which names no kind that it takes and no tool");
    }

    static nlohmann::json assigned(const Argument& argument, const std::string& text) {
        const bool textual = argument.type == ArgumentType::string || argument.type == ArgumentType::job ||
                             argument.type == ArgumentType::study;
        for (const Choice& choice : argument.choices)
            if (choice.value == text || choice.value.dump() == text) return choice.value;
        nlohmann::json value = nlohmann::json::parse(text, nullptr, false);
        if (!argument.choices.empty())
            throw PhraseError("sets \"" + argument.name + "\" to \"" + valid_utf8(text) +
                              "\", which its enum lacks");
        const bool number = argument.type == ArgumentType::integer || argument.type == ArgumentType::number;
        if ((number && !value.is_number()) || (argument.type == ArgumentType::boolean && !value.is_boolean()))
            throw PhraseError("sets \"" + argument.name + "\" to \"" + valid_utf8(text) +
                              "\", which is of another type");
        if (const std::string problem = argument.problem(value); !problem.empty())
            throw PhraseError("sets a value out of bounds: " + problem);
        return textual || value.is_discarded() ? nlohmann::json(valid_utf8(text)) : value;
    }

    void words(PhraseNode& list) {
        const std::size_t end = std::min(text_.find_first_of("[](){}|", at_), text_.size());
        if (end == at_) throw PhraseError("has a \"" + std::string(1, text_[at_]) + "\" that closes nothing");
        for (const Token& token : tokenize(text_.substr(at_, end - at_), most_nodes)) {
            if (token.kind == Token::Kind::comma || token.kind == Token::Kind::stop) continue;
            PhraseNode node = make(Kind::word);
            node.text = token.text;
            node.raw = token.raw;
            node.filler = token.filler;
            list.children.push_back(std::move(node));
        }
        at_ = end;
    }

    std::string_view text_;
    const std::vector<Argument>& arguments_;
    std::size_t at_ = 0;
    std::size_t nodes_ = 0;
};

// Whether the part may be passed without a word being said.
bool may_be_silent(const PhraseNode& node) {
    const auto silent = [](const PhraseNode& child) { return may_be_silent(child); };
    switch (node.kind) {
        case Kind::word:
            return node.filler;
        case Kind::slot:
            return false;
        case Kind::assign:
        case Kind::optional:
            return true;
        case Kind::sequence:
            return std::all_of(node.children.begin(), node.children.end(), silent);
        case Kind::alternatives:
            return std::any_of(node.children.begin(), node.children.end(), silent);
    }
    return true;
}

std::string sample(const Argument& argument) {
    const std::string kind = argument.kinds.empty() ? "artifact" : argument.kinds.front();
    const double low = argument.minimum.value_or(1);
    if (argument.sample.is_number()) return readable_number(argument.sample.get<double>());
    switch (argument.type) {
        case ArgumentType::integer: {
            const double wanted = low > 500 || argument.maximum.value_or(1e9) < 500 ? low : 500;
            return readable_number(argument.maximum.value_or(1e9) < 500 && low <= 3 ? std::max(low, 2.0)
                                                                                    : wanted);
        }
        case ArgumentType::number:
            return readable_number(std::min(argument.maximum.value_or(1), std::max(low, 0.5)));
        case ArgumentType::boolean:
            return "yes";
        case ArgumentType::choice: {
            std::string words = argument.choices.empty() ? ""
                                : argument.choices.front().value.is_string()
                                    ? argument.choices.front().value.get<std::string>()
                                    : argument.choices.front().value.dump();
            std::replace(words.begin(), words.end(), '_', ' ');
            return words;
        }
        case ArgumentType::string:
            return "\"example\"";
        case ArgumentType::artifact:
            return "the last " + kind;
        case ArgumentType::artifacts:
            return "the last two " + kind + "s";
        case ArgumentType::job:
            return "it";
        case ArgumentType::study:
            return "the last study";
        case ArgumentType::other:
            return "";
    }
    return "";
}

bool only_words(const PhraseNode& node) {
    return node.kind != Kind::slot && node.kind != Kind::assign &&
           std::all_of(node.children.begin(), node.children.end(), only_words);
}

// Optional words are said, since sentences read better with them; optional values are not.
void say(const PhraseNode& node, const std::vector<Argument>& arguments, std::string& out) {
    const auto add = [&out](const std::string& words) {
        if (!out.empty() && !words.empty()) out += ' ';
        out += words;
    };
    switch (node.kind) {
        case Kind::word:
            return add(node.raw);
        case Kind::slot:
            return add(sample(arguments[static_cast<std::size_t>(node.argument)]));
        case Kind::sequence:
            for (const PhraseNode& child : node.children) say(child, arguments, out);
            return;
        case Kind::alternatives: {
            // An alternative that says something reads better than an empty one.
            const auto spoken = std::find_if(node.children.begin(), node.children.end(),
                                             [](const PhraseNode& child) { return !may_be_silent(child); });
            return say(spoken == node.children.end() ? node.children.front() : *spoken, arguments, out);
        }
        case Kind::optional:
            if (only_words(node)) say(node.children.front(), arguments, out);
            return;
        case Kind::assign:
            return;
    }
}

}  // namespace

PhraseNode parse_phrase(std::string_view phrase, const std::vector<Argument>& arguments) {
    PhraseNode node = Parser(phrase, arguments).run();
    if (may_be_silent(node)) throw PhraseError("has no word or slot that must be said");
    return node;
}

std::vector<std::string> phrase_problems(const core::ToolSpec& tool) {
    std::vector<std::string> problems;
    std::vector<Argument> arguments;
    try {
        arguments = read_arguments(tool);
    } catch (const nlohmann::json::exception&) {
        return {"The input schema of " + tool.name + " is no JSON Schema of an object."};
    }
    const auto check = [&](const std::vector<std::string>& phrases, const std::string& what) {
        for (std::size_t i = 0; i < phrases.size(); ++i) try {
                parse_phrase(phrases[i], arguments);
            } catch (const PhraseError& error) {
                problems.push_back("The " + what + " \"" + valid_utf8(phrases[i].substr(0, 200)) + "\" of " +
                                   tool.name + " (" + what + "s[" + std::to_string(i) + "]) " + error.what() +
                                   ".");
            }
    };
    check(tool.phrases, "phrase");
    check(tool.options, "option");
    return problems;
}

std::string example_of(const PhraseNode& phrase, const std::vector<Argument>& arguments) {
    std::string out;
    say(phrase, arguments, out);
    return out;
}

}  // namespace assistd::providers::offline
