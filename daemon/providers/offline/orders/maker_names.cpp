#include "providers/offline/orders/maker_names.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {
namespace {

using Kind = PhraseNode::Kind;

// "dlca", and "rlca" with what it assigns; -1 for what is no single word.
int word_of(const PhraseNode& node, const Vocabulary& vocabulary) {
    if (node.kind == Kind::word) return vocabulary.find(node.text);
    int word = -1;
    for (const PhraseNode& child : node.children) {
        if (child.kind == Kind::assign) continue;
        if (node.kind != Kind::sequence || child.kind != Kind::word || word >= 0) return -1;
        word = vocabulary.find(child.text);
    }
    return word;
}

const PhraseNode* usual_value(const PhraseNode& node) {
    const auto assigns = [](const PhraseNode& child) {
        return child.kind == Kind::assign && child.usual && child.value.is_number();
    };
    const auto found = std::ranges::find_if(node.children, assigns);
    return found == node.children.end() ? nullptr : &*found;
}

bool assigns_nothing(const PhraseNode& node) {
    return std::ranges::none_of(node.children,
                                [](const PhraseNode& child) { return child.kind == Kind::assign; });
}

}  // namespace

void MakerNames::add(const core::ToolSpec& tool, const std::vector<Argument>& arguments,
                     const std::vector<PhraseNode>& phrases, const std::vector<int>& words,
                     const Vocabulary& vocabulary) {
    const auto named = [](const char* name) { return [=](const Argument& one) { return one.name == name; }; };
    const bool takes = std::ranges::any_of(arguments, &Argument::takes_artifacts);
    if (takes || std::ranges::none_of(arguments, named("seed"))) return;
    for (const PhraseNode& phrase : phrases) read(phrase, arguments, vocabulary);
    static constexpr std::array<std::string_view, 4> common{"run", "make", "simulation", "study"};
    std::string spoken = tool.name;
    std::ranges::replace(spoken, '_', ' ');
    for (const Token& part : tokenize(spoken, 8)) {
        const int word = vocabulary.find(part.text);
        if (word < 0 || std::ranges::find(common, part.text) != common.end()) continue;
        kinds_[word] = tool.category;
        values_.erase(word);  // "cca" is whatever run_cca_simulation makes
    }
    for (const int word : words)
        if (const auto [at, is_new] = spoken_.try_emplace(word, tool.category); !is_new) at->second.clear();
}

void MakerNames::read(const PhraseNode& node, const std::vector<Argument>& arguments,
                      const Vocabulary& vocabulary) {
    if (node.kind == Kind::alternatives) read_alternatives(node, arguments, vocabulary);
    for (const PhraseNode& child : node.children) read(child, arguments, vocabulary);
}

void MakerNames::read_alternatives(const PhraseNode& node, const std::vector<Argument>& arguments,
                                   const Vocabulary& vocabulary) {
    const auto one = std::ranges::find_if(
        node.children, [](const PhraseNode& child) { return usual_value(child) != nullptr; });
    if (one == node.children.end()) return;
    const int index = usual_value(*one)->argument;
    const Argument& argument = arguments[static_cast<std::size_t>(index)];
    if (!argument.usual) return;
    for (const PhraseNode& child : node.children) {
        const int word = word_of(child, vocabulary);
        const PhraseNode* value = usual_value(child);
        if (word < 0 || (value ? value->argument != index : !assigns_nothing(child))) continue;
        const double number = value ? value->value.get<double>() : *argument.usual;
        values_[word] = {argument.name, *argument.usual, number == *argument.usual, number};
    }
}

NamedValue MakerNames::value_named(int word) const {
    const auto found = values_.find(word);
    return found == values_.end() ? NamedValue() : found->second;
}

std::string MakerNames::kind_named(int word) const {
    if (const auto found = kinds_.find(word); found != kinds_.end()) return found->second;
    const auto found = spoken_.find(word);
    return found == spoken_.end() ? "" : found->second;
}

}  // namespace assistd::providers::offline
