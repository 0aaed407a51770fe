#include "providers/offline/orders/grammar.h"

#include <algorithm>
#include <array>
#include <set>

#include "providers/offline/orders/sentence.h"

namespace assistd::providers::offline {
namespace {

constexpr std::size_t most_phrases = 64;  // of one tool; more are left out

void collect_words(const PhraseNode& node, const Vocabulary& vocabulary, std::set<int>& words) {
    if (node.kind == PhraseNode::Kind::word && !node.filler) words.insert(vocabulary.find(node.text));
    for (const PhraseNode& child : node.children) collect_words(child, vocabulary, words);
}

bool has_slot(const PhraseNode& node, int argument) {
    if (node.kind == PhraseNode::Kind::slot) return node.argument == argument;
    if (node.kind == PhraseNode::Kind::optional) return false;
    if (node.kind == PhraseNode::Kind::alternatives)
        return !node.children.empty() && has_slot(node.children.front(), argument);
    return std::any_of(node.children.begin(), node.children.end(),
                       [argument](const PhraseNode& child) { return has_slot(child, argument); });
}

std::string capitalized(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
    return text;
}

// The phrase with the options that its missing required arguments need.
std::string full_example(const PhraseNode& phrase, const std::vector<PhraseNode>& options,
                         const std::vector<Argument>& arguments) {
    std::string text = example_of(phrase, arguments);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const int argument = static_cast<int>(i);
        if (!arguments[i].required || has_slot(phrase, argument)) continue;
        const auto option = std::find_if(options.begin(), options.end(),
                                         [argument](const PhraseNode& o) { return has_slot(o, argument); });
        if (option != options.end()) text += " " + example_of(*option, arguments);
    }
    return capitalized(text);
}

// "with 3 layers" is also said without its "with": "… and 3 layers".
void loosen_opening(PhraseNode& option) {
    if (option.kind == PhraseNode::Kind::word)
        option.filler = option.filler || option.text == "with" || option.text == "using";
    const bool several = option.kind == PhraseNode::Kind::alternatives;
    for (PhraseNode& child : option.children) {
        loosen_opening(child);
        if (!several) break;
    }
}

// "greet" of "greet {name}": who leaves the value out is asked for it. A preposition cannot end an order.
std::vector<PhraseNode> shortened(const std::vector<PhraseNode>& phrases,
                                  const std::vector<Argument>& arguments) {
    using Kind = PhraseNode::Kind;
    static constexpr std::array<std::string_view, 12> prepositions{
        "as", "at", "by", "for", "from", "in", "into", "of", "on", "to", "using", "with"};
    std::vector<PhraseNode> made;
    for (const PhraseNode& phrase : phrases) {
        if (phrase.kind != Kind::sequence || phrase.children.size() < 2) continue;
        const PhraseNode& slot = phrase.children.back();
        const PhraseNode& last = phrase.children[phrase.children.size() - 2];
        if (slot.kind != Kind::slot || last.kind != Kind::word || last.filler) continue;
        const Argument& argument = arguments[static_cast<std::size_t>(slot.argument)];
        const bool asked = argument.required && !argument.has_default && !argument.takes_artifacts() &&
                           argument.type != ArgumentType::job;
        const bool open =
            std::find(prepositions.begin(), prepositions.end(), last.text) != prepositions.end();
        if (!asked || open) continue;
        made.push_back(phrase);
        made.back().children.pop_back();
    }
    return made;
}

// Those that can be understood. Of the others is told when their plugin is loaded (phrase_problems).
std::vector<PhraseNode> parse_all(const std::vector<std::string>& phrases,
                                  const std::vector<Argument>& arguments) {
    std::vector<PhraseNode> parsed;
    for (const std::string& phrase : phrases) {
        if (parsed.size() == most_phrases) break;
        try {
            parsed.push_back(parse_phrase(phrase, arguments));
        } catch (const PhraseError&) {}
    }
    return parsed;
}

// Results and studies tell arguments by their names, so these can be said back: "n_particles = 300".
void add_own_names(std::vector<PhraseNode>& options, const std::vector<Argument>& arguments) {
    for (const Argument& argument : arguments) {
        const bool is_name =
            argument.name.find('_') != std::string::npos && tokenize(argument.name, 2).size() == 1;
        if (!is_name || argument.type == ArgumentType::other) continue;
        const std::string slot = "{" + argument.name + "}";
        options.push_back(
            parse_phrase("[with|and|for|using|at] " + argument.name + " [=|of|is] " + slot, arguments));
    }
}

// What the tool's author calls it with, in the first call that works: numbers that go together.
void add_samples(const core::ToolSpec& tool, std::vector<Argument>& arguments) {
    const auto examples = nlohmann::json::parse(tool.examples, nullptr, false);
    if (!examples.is_array()) return;
    for (const auto& example : examples) {
        if (!example.is_object() || example.contains("fails") || !example.contains("arguments")) continue;
        for (Argument& argument : arguments)
            if (argument.type == ArgumentType::number)
                argument.sample = example["arguments"].value(argument.name, nlohmann::json());
        return;
    }
}

// "radius of gyration" of "Radius of gyration, mass-weighted, …"; empty when it begins with no short name.
std::string name_in(std::string description) {
    for (const std::string_view end : {",", ".", ":", ";", "(", " in ", " from ", " over "})
        if (const auto at = description.find(end); at != std::string::npos) description.resize(at);
    std::string name;
    static constexpr std::array<std::string_view, 5> prepositions{"in", "of", "from", "as", "for"};
    for (const Token& token : tokenize(description, 6)) name += (name.empty() ? "" : " ") + token.text;
    const bool is_remark =
        std::ranges::find(prepositions, name.substr(0, name.find(' '))) != prepositions.end();
    return !is_remark && std::count(name.begin(), name.end(), ' ') < 4 ? name : "";
}

std::vector<Property> read_properties(const core::ToolSpec& tool) {
    std::vector<Property> properties;
    const auto schema = nlohmann::json::parse(tool.output_schema, nullptr, false);
    if (!schema.is_object() || !schema.contains("properties") || !schema["properties"].is_object())
        return properties;
    const auto add_name = [](Property& property, std::string words) {
        std::vector<std::string> stems;
        for (const Token& token : tokenize(words, 8)) stems.push_back(stem(token.text));
        if (!stems.empty()) property.names.push_back(std::move(stems));
    };
    for (const auto& [key, value] : schema["properties"].items()) {
        const std::string type = value.is_object() && value.contains("type") ? value["type"].dump() : "";
        if (type.find("number") == std::string::npos && type.find("integer") == std::string::npos) continue;
        const auto description = value.find("description");
        const bool described = description != value.end() && description->is_string();
        Property property;
        property.key = key;
        std::string spoken = key;
        std::replace(spoken.begin(), spoken.end(), '_', ' ');
        property.description = described ? description->get<std::string>() : "";
        property.label = described ? name_in(description->get<std::string>()) : "";
        add_name(property, property.label);
        if (property.label.empty()) property.label = spoken;
        add_name(property, spoken);
        std::erase(spoken, ' ');
        add_name(property, spoken);
        add_name(property, key);
        properties.push_back(std::move(property));
    }
    return properties;
}

// Words that any sentence may hold, which tell nothing about its topic.
bool is_common(const std::string& word) {
    static constexpr std::array<std::string_view, 62> words{
        "all",  "and",  "any",   "are",   "as",    "be",    "by",   "can",  "did",  "do",    "does",
        "done", "far",  "find",  "for",   "from",  "get",   "give", "go",   "has",  "have",  "how",
        "i",    "in",   "into",  "is",    "it",    "its",   "like", "list", "look", "made",  "make",
        "me",   "much", "my",    "of",    "on",    "or",    "put",  "show", "so",   "still", "take",
        "tell", "that", "the",   "their", "there", "they",  "this", "to",   "try",  "use",   "was",
        "what", "when", "which", "will",  "with",  "would", "you"};
    return std::find(words.begin(), words.end(), word) != words.end();
}

// Words that are no slips: numbers, joining words, common words and names.
bool is_right(Tokens tokens, std::ptrdiff_t index) {
    const auto at = static_cast<std::size_t>(index);
    const Token& token = tokens[at];
    bool ordered = false;
    const bool capital = token.raw[0] >= 'A' && token.raw[0] <= 'Z';
    const bool begins = at == 0 || tokens[at - 1].kind == Token::Kind::stop;
    return (capital && !begins) || read_number(tokens.subspan(at, 1), 0) || is_common(token.text) ||
           token.text == "times" || connector_length(tokens, at, ordered) > 0;
}

}  // namespace

const Argument* GrammarTool::find(std::string_view argument) const {
    const auto found = std::find_if(arguments.begin(), arguments.end(),
                                    [&](const Argument& a) { return a.name == argument; });
    return found == arguments.end() ? nullptr : &*found;
}

Grammar::Grammar(const core::ToolSet& tools) {
    for (const core::WaitingTool& tool : tools.waiting) missing_.push_back(tool.reason);
    for (const auto& spec : tools.tools) {
        std::vector<Argument> arguments;
        try {
            arguments = read_arguments(*spec);
        } catch (const nlohmann::json::exception&) {
            continue;  // it is no JSON Schema of an object
        }
        add_samples(*spec, arguments);
        auto phrases = parse_all(spec->phrases, arguments);
        auto options = parse_all(spec->options, arguments);
        std::vector<std::string> examples;
        for (const PhraseNode& phrase : phrases) examples.push_back(full_example(phrase, options, arguments));
        add_own_names(options, arguments);
        for (PhraseNode& option : options) loosen_opening(option);
        const auto questions = shortened(phrases, arguments);
        phrases.insert(phrases.end(), questions.begin(), questions.end());
        Program program(phrases, options, vocabulary_);
        std::set<int> words;
        for (const PhraseNode& phrase : phrases) collect_words(phrase, vocabulary_, words);
        names_.add(*spec, arguments, phrases, {words.begin(), words.end()}, vocabulary_);
        tools_.push_back(std::make_unique<GrammarTool>(GrammarTool{spec,
                                                                   std::move(arguments),
                                                                   std::move(program),
                                                                   std::move(examples),
                                                                   read_properties(*spec),
                                                                   {words.begin(), words.end()}}));
    }
    tools_with_word_.resize(vocabulary_.size());
    for (const auto& tool : tools_)
        for (const int word : tool->words) ++tools_with_word_[static_cast<std::size_t>(word)];
}

const GrammarTool* Grammar::find(std::string_view name) const {
    for (const auto& tool : tools_)
        if (tool->spec->name == name) return tool.get();
    return nullptr;
}

std::vector<Token> Grammar::tokens_of(std::string_view message) const {
    std::vector<Token> tokens = tokenize(message, SentenceReader::most_tokens + 1);
    // "what's" is "what is".
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (tokens[i].kind != Token::Kind::word || (tokens[i].text != "whats" && tokens[i].text != "hows"))
            continue;
        Token is = tokens[i];
        is.text = is.raw = "is";
        tokens[i].text.pop_back();
        tokens[i].raw.resize(tokens[i].text.size());
        tokens.insert(tokens.begin() + static_cast<long>(i) + 1, std::move(is));
    }
    // "4d", of which no phrase speaks, is "4 dimensions".
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const std::string text = tokens[i].text;
        const bool counts_dimensions = tokens[i].kind == Token::Kind::word && text.size() == 2 &&
                                       text[0] >= '0' && text[0] <= '9' && text[1] == 'd' &&
                                       vocabulary_.find(text) < 0;
        if (!counts_dimensions) continue;
        Token dimensions = tokens[i];
        dimensions.text = dimensions.raw = "dimensions";
        tokens[i].kind = Token::Kind::number;
        tokens[i].text = tokens[i].raw = text.substr(0, 1);
        tokens[i].number = text[0] - '0';
        tokens.insert(tokens.begin() + static_cast<std::ptrdiff_t>(i) + 1, std::move(dimensions));
    }
    for (Token& token : tokens) {
        if (token.kind != Token::Kind::word && token.kind != Token::Kind::number) continue;
        token.id = vocabulary_.find(token.text);
        token.makes = token.kind == Token::Kind::word ? names_.kind_named(token.id) : "";
        if (token.id >= 0 || token.kind != Token::Kind::word) continue;
        // "D_f" is Df.
        std::string joined = token.text;
        std::erase(joined, '_');
        if (joined.size() == token.text.size() || vocabulary_.find(joined) < 0) continue;
        token.text = std::move(joined);
        token.id = vocabulary_.find(token.text);
    }
    return tokens;
}

MessageReading Grammar::read(std::string_view message) const {
    return SentenceReader(*this).read(tokens_of(message));
}

std::optional<Match> Grammar::read_options(const GrammarTool& tool, Tokens tokens) const {
    long work = SentenceReader::most_work;
    return Matcher(work).options(tool.program, tool.arguments, tokens);
}

std::optional<Match> Grammar::read_needed_number(const GrammarTool& tool, Tokens tokens) const {
    if (!tokens.empty() && (tokens[0].text == "with" || tokens[0].text == "of" || tokens[0].text == "for"))
        tokens = tokens.subspan(1);
    const auto needed = [](const Argument& argument) {
        return argument.required && !argument.has_default && argument.type == ArgumentType::integer;
    };
    const auto argument = std::find_if(tool.arguments.begin(), tool.arguments.end(), needed);
    if (tokens.empty() || std::count_if(tool.arguments.begin(), tool.arguments.end(), needed) != 1)
        return std::nullopt;
    for (SlotReading& reading : read_slot(*argument, tokens, 0)) {
        if (reading.next != tokens.size()) continue;
        Match match;
        match.bindings.push_back(
            {static_cast<int>(argument - tool.arguments.begin()), std::move(reading.value)});
        return match;
    }
    return std::nullopt;
}

std::string Grammar::corrected(const std::vector<Token>& tokens) const {
    std::string text;
    bool changed = false;
    if (tokens.size() > 40) return "";
    for (const Token& token : tokens) {
        const bool mark = token.kind == Token::Kind::comma || token.kind == Token::Kind::stop;
        if (!text.empty() && !mark) text += ' ';
        const std::string* nearest = nullptr;
        const bool name = token.text.find_first_of("0123456789_.-") != std::string::npos;  // handles and such
        if (token.kind == Token::Kind::word && token.id < 0 && !token.filler && !name &&
            token.text.size() >= 3 && !is_right(tokens, &token - tokens.data())) {
            int allowed = token.text.size() >= 7 ? 2 : 1;
            for (const auto& [word, id] : vocabulary_.ids()) {
                if (word.size() < 3) continue;
                const int distance = edit_distance(stem(token.text), word, allowed);
                // Equally close words: the first of the alphabet, so that the answer is always the same.
                if (distance > allowed || (nearest && distance == allowed && *nearest < word)) continue;
                allowed = distance;
                nearest = &word;
            }
        }
        text += nearest ? *nearest : token.raw;
        changed = changed || nearest;
    }
    return changed ? text : "";
}

std::vector<std::string> Grammar::makers_called(const std::string& word) const {
    std::vector<std::string> makers;
    const int id = vocabulary_.find(word);
    for (const auto& tool : tools_) {
        if (tool->spec->name.find(word) != std::string::npos) return {};
        if (tool->find("seed") && std::binary_search(tool->words.begin(), tool->words.end(), id))
            makers.push_back(tool->spec->name);
    }
    return makers;
}

NamedValue Grammar::value_named(const std::string& word) const {
    return names_.value_named(vocabulary_.find(word));
}

const GrammarTool* Grammar::closest(const std::vector<Token>& tokens) const {
    const GrammarTool* closest = nullptr;
    double most = 0;
    for (const auto& tool : tools_) {
        double shared = 0;
        std::set<std::string> titled;
        for (const Token& word : tokenize(tool->spec->title, 12)) titled.insert(stem(word.text));
        std::set<int> counted;
        for (const Token& token : tokens)
            if (token.id >= 0 && !is_common(token.text) &&
                std::binary_search(tool->words.begin(), tool->words.end(), token.id) &&
                counted.insert(token.id).second)
                shared += 1.0 / tools_with_word_[static_cast<std::size_t>(token.id)] +
                          (titled.count(stem(token.text)) > 0 ? 0.25 : 0);
        if (shared > most) {
            most = shared;
            closest = tool.get();
        }
    }
    // One word that every other tool uses too says nothing.
    return most >= 0.5 ? closest : nullptr;
}

}  // namespace assistd::providers::offline
