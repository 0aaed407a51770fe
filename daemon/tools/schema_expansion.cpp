#include "tools/schema_expansion.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

using nlohmann::json;

constexpr int most_steps = 20'000;
constexpr int deepest = 200;
// Parts that are judged by the same value as the schema around them.
constexpr const char* lists_in_place[] = {"allOf", "anyOf", "oneOf"};
constexpr const char* parts_in_place[] = {"not", "if", "then", "else"};
// Parts that are judged by a member or an item of it.
constexpr const char* maps_inside[] = {"properties", "patternProperties", "dependencies"};
constexpr const char* parts_inside[] = {"additionalProperties", "propertyNames", "contains",
                                        "additionalItems"};

[[noreturn]] void refuse(const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence);
}

const json* member(const json& schema, const char* name) {
    const auto found = schema.find(name);
    return found == schema.end() ? nullptr : &*found;
}

class Walk {
  public:
    explicit Walk(const json& root) : root_(root) {}

    void visit(const json& schema) {
        if (!schema.is_object()) return;
        const Level level(depth_);
        if (++steps_ > most_steps)
            refuse("its references multiply: followed, they come to more than " + std::to_string(most_steps) +
                   " parts.");
        // Once more inside itself: a tree, say, whose branches are trees.
        if (std::ranges::find(around_, &schema) != around_.end()) return;
        visit_in_place(schema);
        around_.push_back(&schema);
        for (const char* name : maps_inside)
            if (const json* parts = member(schema, name); parts && parts->is_object())
                for (const json& part : *parts) visit_inside(part);
        for (const char* name : parts_inside)
            if (const json* part = member(schema, name)) visit_inside(*part);
        if (const json* items = member(schema, "items")) {
            if (items->is_array())
                for (const json& item : *items) visit_inside(item);
            else
                visit_inside(*items);
        }
        around_.pop_back();
    }

  private:
    void visit_inside(const json& schema) {
        std::vector<const json*> here;
        here.swap(in_place_);
        visit(schema);
        here.swap(in_place_);
    }

    void visit_in_place(const json& schema) {
        if (std::ranges::find(in_place_, &schema) != in_place_.end())
            refuse("one of its references leads back to itself.");
        in_place_.push_back(&schema);
        if (const json* target = referred_to(schema)) visit(*target);
        for (const char* name : lists_in_place)
            if (const json* parts = member(schema, name); parts && parts->is_array())
                for (const json& part : *parts) visit(part);
        for (const char* name : parts_in_place)
            if (const json* part = member(schema, name)) visit(*part);
        in_place_.pop_back();
    }

    // Null: there is none, or one that the judge will not find either.
    const json* referred_to(const json& schema) const {
        const json* reference = member(schema, "$ref");
        if (!reference || !reference->is_string()) return nullptr;
        const std::string& text = reference->get_ref<const std::string&>();
        if (!text.starts_with('#')) return nullptr;
        try {
            const json::json_pointer place(text.substr(1));
            return root_.contains(place) ? &root_.at(place) : nullptr;
        } catch (const json::exception&) {
            return nullptr;
        }
    }

    // One step deeper, and back.
    class Level {
      public:
        explicit Level(int& depth) : depth_(depth) {
            if (++depth_ > deepest)
                refuse("it is more than " + std::to_string(deepest) +
                       " parts deep once its references are followed.");
        }
        ~Level() { --depth_; }
        Level(const Level&) = delete;
        Level& operator=(const Level&) = delete;

      private:
        int& depth_;
    };

    const json& root_;
    int steps_ = 0;
    int depth_ = 0;
    std::vector<const json*> in_place_;  // from the last step inside to here
    std::vector<const json*> around_;    // schemas that this one is inside of
};

// How often what stands before `at` may be repeated there, as far as it matters: not at all, a fixed number
// of times, or any of many numbers.
enum class Repetition { none, fixed, varying, endless };

Repetition repetition_at(std::string_view pattern, std::size_t at) {
    if (at >= pattern.size()) return Repetition::none;
    if (pattern[at] == '*' || pattern[at] == '+') return Repetition::endless;
    if (pattern[at] != '{') return Repetition::none;
    const std::string_view count = pattern.substr(at, pattern.find('}', at) - at);
    const std::size_t comma = count.find(',');
    if (comma == std::string_view::npos) return Repetition::fixed;
    return comma + 1 == count.size() ? Repetition::endless : Repetition::varying;
}

void check_pattern(const std::string& pattern) {
    try {
        const std::regex compiled(pattern);
    } catch (const std::regex_error& error) {
        refuse("the pattern " + shown(json(pattern)) + " cannot be used: " + error.what() + ".");
    }
}

void check_patterns(const json& part) {
    if (part.is_object()) {
        if (const json* pattern = member(part, "pattern"); pattern && pattern->is_string())
            check_pattern(pattern->get<std::string>());
        if (const json* patterns = member(part, "patternProperties"); patterns && patterns->is_object())
            for (const auto& [pattern, schema] : patterns->items()) {
                check_pattern(pattern);
                if (may_take_for_ever(pattern))
                    refuse("the pattern " + shown(json(pattern)) +
                           " repeats a repetition, which can take for ever; write it with one.");
            }
    }
    if (part.is_structured())
        for (const json& inner : part) check_patterns(inner);
}

}  // namespace

bool may_take_for_ever(std::string_view pattern) {
    std::vector<bool> varies = {false};  // for each open group: whether what it holds may be repeated or not
    bool in_set = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\') {
            ++i;
        } else if (in_set) {
            in_set = c != ']';
        } else if (c == '[') {
            in_set = true;
        } else if (c == '(') {
            varies.push_back(false);
        } else if (c == ')' && varies.size() > 1) {
            const bool inside = varies.back();
            varies.pop_back();
            if (inside && repetition_at(pattern, i + 1) == Repetition::endless) return true;
            varies.back() = varies.back() || inside;
        } else if (repetition_at(pattern, i) > Repetition::fixed) {
            varies.back() = true;
        }
    }
    return false;
}

void check_expansion(const json& schema) {
    Walk(schema).visit(schema);
    check_patterns(schema);
}

}  // namespace assistd::tools
