#include "providers/offline/phrases/matcher.h"

#include <algorithm>

namespace assistd::providers::offline {
namespace {

constexpr int impossible = -1'000'000'000;
constexpr int word_score = 1000;
constexpr int deepest = 4000;  // steps of the search that may be open at once

// The words of which one must be said, group by group: what a sentence must hold to be worth a search.
std::vector<std::vector<int>> needed_words(const PhraseNode& node, const Vocabulary& vocabulary) {
    using Kind = PhraseNode::Kind;
    std::vector<std::vector<int>> groups;
    if (node.kind == Kind::word && !node.filler) groups.push_back({vocabulary.find(node.text)});
    if (node.kind == Kind::sequence)
        for (const PhraseNode& child : node.children)
            for (auto& group : needed_words(child, vocabulary)) groups.push_back(std::move(group));
    if (node.kind == Kind::alternatives) {
        std::vector<int> any;
        for (const PhraseNode& child : node.children) {
            const auto inner = needed_words(child, vocabulary);
            if (inner.empty()) return {};
            any.insert(any.end(), inner.front().begin(), inner.front().end());
        }
        groups.push_back(std::move(any));
    }
    return groups;
}

// A word or number where the values of an enum stand.
std::optional<SlotReading> unknown_choice(Tokens tokens, std::size_t at) {
    constexpr int score = -500;  // as it may be meant for something else
    const Token& token = tokens[at];
    bool ordered = false;
    if (token.kind == Token::Kind::comma || token.kind == Token::Kind::stop || token.filler ||
        is_negation(token.text) || connector_length(tokens, at, ordered) > 0)
        return std::nullopt;
    SlotReading reading;
    const auto number = token.kind == Token::Kind::number ? read_number(tokens, at) : std::nullopt;
    reading.value.values.push_back(number ? nlohmann::json(number->value) : nlohmann::json(token.text));
    reading.next = number ? number->next : at + 1;
    reading.score = score;
    return reading;
}

}  // namespace

Program::Program(const std::vector<PhraseNode>& phrases, const std::vector<PhraseNode>& options,
                 Vocabulary& vocabulary) {
    accept_ = add({});
    Node loop;
    loop.op = Node::Op::loop;
    loop.next = {accept_};
    options_ = add(std::move(loop));
    for (const PhraseNode& option : options) {
        const int entry = compile(option, options_, vocabulary);
        nodes_[static_cast<std::size_t>(options_)].next.push_back(entry);
    }
    for (const PhraseNode& phrase : phrases) {
        Entry entry;
        entry.node = compile(phrase, options_, vocabulary);
        entry.needed = needed_words(phrase, vocabulary);
        phrases_.push_back(std::move(entry));
    }
}

int Program::add(Node node) {
    nodes_.push_back(std::move(node));
    return static_cast<int>(nodes_.size()) - 1;
}

// From the end to the beginning, so that each node knows where to go on.
int Program::compile(const PhraseNode& phrase, int next, Vocabulary& vocabulary) {
    Node node;
    node.next = {next};
    switch (phrase.kind) {
        case PhraseNode::Kind::word: {
            node.op = Node::Op::word;
            node.word = vocabulary.add(phrase.text);
            node.filler = phrase.filler;
            if (!phrase.filler) return add(std::move(node));
            Node either;
            either.op = Node::Op::split;
            either.next = {add(std::move(node)), next};
            return add(std::move(either));
        }
        case PhraseNode::Kind::slot:
            node.op = Node::Op::slot;
            node.argument = phrase.argument;
            node.named = phrase.named;
            node.factor = phrase.factor;
            return add(std::move(node));
        case PhraseNode::Kind::assign:
            node.op = Node::Op::assign;
            node.argument = phrase.argument;
            node.value = phrase.value;
            node.usual = phrase.usual;
            node.reference = phrase.reference;
            return add(std::move(node));
        case PhraseNode::Kind::sequence:
            for (auto child = phrase.children.rbegin(); child != phrase.children.rend(); ++child)
                next = compile(*child, next, vocabulary);
            return next;
        case PhraseNode::Kind::optional:
            node.op = Node::Op::split;
            node.next.insert(node.next.begin(), compile(phrase.children.front(), next, vocabulary));
            return add(std::move(node));
        case PhraseNode::Kind::alternatives:
            node.op = Node::Op::split;
            node.next.clear();
            for (const PhraseNode& child : phrase.children)
                node.next.push_back(compile(child, next, vocabulary));
            return add(std::move(node));
    }
    return next;
}

void Matcher::begin(const Program& program, const std::vector<Argument>& arguments, Tokens tokens) {
    program_ = &program;
    arguments_ = &arguments;
    tokens_ = tokens;
    const std::size_t cells = program.nodes_.size() * (tokens.size() + 1);
    if (cells_.size() < cells) cells_.resize(cells);
    ++run_;  // what earlier runs left in the cells is void now
    note_words(tokens);
    depth_ = 0;
}

void Matcher::note_words(Tokens tokens) {
    for (const Token& token : tokens) {
        if (token.id < 0) continue;
        if (said_.size() <= static_cast<std::size_t>(token.id))
            said_.resize(static_cast<std::size_t>(token.id) + 1);
        said_[static_cast<std::size_t>(token.id)] = run_;
    }
}

bool Matcher::may_hold(const Program& program, Tokens tokens) {
    ++run_;
    note_words(tokens);
    return std::any_of(program.phrases_.begin(), program.phrases_.end(),
                       [this](const Program::Entry& entry) { return may_match(entry); });
}

bool Matcher::may_match(const Program::Entry& entry) const {
    const auto said = [this](int word) {
        return static_cast<std::size_t>(word) < said_.size() && said_[static_cast<std::size_t>(word)] == run_;
    };
    return std::all_of(entry.needed.begin(), entry.needed.end(), [&said](const std::vector<int>& group) {
        return std::any_of(group.begin(), group.end(), said);
    });
}

std::optional<Match> Matcher::phrase(const Program& program, const std::vector<Argument>& arguments,
                                     Tokens tokens) {
    begin(program, arguments, tokens);
    int winner = -1;
    int score = impossible;
    for (const Program::Entry& entry : program.phrases_) {
        if (!may_match(entry)) continue;
        if (const int reached = best(entry.node, 0); reached > score) {
            score = reached;
            winner = entry.node;
        }
    }
    if (winner < 0) return std::nullopt;
    return trace(winner, score);
}

std::optional<Match> Matcher::options(const Program& program, const std::vector<Argument>& arguments,
                                      Tokens tokens, bool may_say_nothing) {
    begin(program, arguments, tokens);
    const int score = best(program.options_, 0);
    if (score <= impossible) return std::nullopt;
    Match match = trace(program.options_, score);
    if (match.bindings.empty() && !may_say_nothing) return std::nullopt;
    return match;
}

void Matcher::consider(Cell& cell, int gain, int node, int token) {
    const int rest = best(node, token);
    if (rest <= impossible || rest + gain <= cell.score) return;
    cell.score = rest + gain;
    cell.node = node;
    cell.token = token;
}

int Matcher::best(int node, int token) {
    const std::size_t index =
        static_cast<std::size_t>(node) * (tokens_.size() + 1) + static_cast<std::size_t>(token);
    if (cells_[index].run == run_) return cells_[index].score;
    if (work_left_ <= 0 || depth_ >= deepest) return impossible;
    --work_left_;
    ++depth_;
    Cell cell{run_, impossible, -1, -1};
    const Program::Node& here = program_->nodes_[static_cast<std::size_t>(node)];
    using Op = Program::Node::Op;
    if (here.op == Op::accept && static_cast<std::size_t>(token) == tokens_.size()) cell.score = 0;
    if (here.op == Op::assign || here.op == Op::split || here.op == Op::loop)
        for (const int next : here.next) consider(cell, 0, next, token);
    if (static_cast<std::size_t>(token) < tokens_.size()) consume(node, token, cell);
    --depth_;
    cells_[index] = cell;
    return cell.score;
}

std::vector<SlotReading> Matcher::readings(const Program::Node& slot, int token) const {
    const Argument& argument = (*arguments_)[static_cast<std::size_t>(slot.argument)];
    auto all = read_slot(argument, tokens_, static_cast<std::size_t>(token));
    if (all.empty() && unknown_choices_ && argument.type == ArgumentType::choice)
        if (auto unknown = unknown_choice(tokens_, static_cast<std::size_t>(token)))
            all.push_back(std::move(*unknown));
    if (slot.named)
        std::erase_if(all, [](const SlotReading& reading) {
            return !reading.value.reference || !reading.value.reference->is_named();
        });
    if (slot.factor != 1)
        for (SlotReading& reading : all)
            for (nlohmann::json& value : reading.value.values) value = value.get<double>() * slot.factor;
    return all;
}

// The ways on that take words of the sentence.
void Matcher::consume(int node, int token, Cell& cell) {
    using Op = Program::Node::Op;
    const Program::Node& here = program_->nodes_[static_cast<std::size_t>(node)];
    const Token& word = tokens_[static_cast<std::size_t>(token)];
    // "a = {radius}" is not "a radius": the article stands for nothing.
    const bool is_article = word.filler && !here.filler;
    if (here.op == Op::word && word.id == here.word && word.kind != Token::Kind::quoted && !is_article)
        consider(cell, word.filler ? 1 : word_score, here.next.front(), token + 1);
    if (here.op == Op::slot) {
        const auto all = readings(here, token);
        work_left_ -= static_cast<long>(4 * all.size() + 4);
        for (const SlotReading& reading : all)
            consider(cell, reading.score, here.next.front(), static_cast<int>(reading.next));
    }
    const bool glue =
        here.op == Op::loop && (word.text == "and" || word.text == "with" || word.text == "using");
    const bool skips = here.op == Op::word || here.op == Op::slot || here.op == Op::accept;
    if ((skips && word.filler) || glue)
        consider(cell, word.kind == Token::Kind::comma ? 0 : -1, node, token + 1);
}

Match Matcher::trace(int node, int score) const {
    Match match;
    match.score = score;
    int token = 0;
    while (node >= 0) {
        const std::size_t index =
            static_cast<std::size_t>(node) * (tokens_.size() + 1) + static_cast<std::size_t>(token);
        const Cell& cell = cells_[index];
        const Program::Node& here = program_->nodes_[static_cast<std::size_t>(node)];
        if (here.op == Program::Node::Op::assign) {
            SlotValue value;
            if (!here.value.is_null()) value.values.push_back(here.value);
            value.reference = here.reference;
            match.bindings.push_back({here.argument, std::move(value), here.usual});
        }
        if (here.op == Program::Node::Op::slot && cell.node != node) {
            for (SlotReading& reading : readings(here, token))
                if (static_cast<int>(reading.next) == cell.token) {
                    match.bindings.push_back({here.argument, std::move(reading.value), false, here.factor});
                    break;
                }
        }
        node = cell.node;
        token = cell.token;
    }
    return match;
}

}  // namespace assistd::providers::offline
