#include "core/prompt_template.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.h"

namespace assistd::core {
namespace {

struct Tag {
    char kind = 0;  // '#', '^', '/', '!', '&', '{' or 0 for a plain variable
    std::string name;
    int line = 0;
};

class Checker {
  public:
    Checker(const PromptTemplate& prompt, const Vocabulary& vocabulary)
        : prompt_(prompt), vocabulary_(vocabulary) {}

    void check(const std::vector<std::string_view>& needed) {
        check_characters();
        std::size_t at = 0;
        while ((at = prompt_.text.find("{{", at)) != std::string::npos) at = check_tag(at);
        if (!open_.empty())
            refuse(open_.back().line, fmt::format("the section \"{}\" is never closed", open_.back().name));
        for (const std::string_view name : needed)
            if (!told_.contains(name))
                throw Error(ErrorCode::validation,
                            fmt::format("{}: the prompt must have {{{{{}}}}}, outside of other sections: "
                                        "without it the model does not see what it is asked about.",
                                        prompt_.place, name));
    }

  private:
    [[noreturn]] void refuse(int line, const std::string& sentence) const {
        throw Error(ErrorCode::validation, fmt::format("{}:{}: {}.", prompt_.place, line, sentence));
    }

    int line_at(std::size_t at) const {
        const auto end = prompt_.text.begin() + static_cast<std::ptrdiff_t>(at);
        return 1 + static_cast<int>(std::count(prompt_.text.begin(), end, '\n'));
    }

    // Texts for models are UTF-8; whoever sends them could only fail later.
    void check_characters() const {
        if (prompt_.text.find_first_not_of(" \t\r\n") == std::string::npos) refuse(1, "the prompt is empty");
        std::size_t begin = 0;
        while (begin < prompt_.text.size()) {
            const std::size_t end = std::min(prompt_.text.find('\n', begin), prompt_.text.size());
            const std::string line = prompt_.text.substr(begin, end - begin);
            try {
                [[maybe_unused]] const std::string valid = nlohmann::json(line).dump();
            } catch (const nlohmann::json::type_error&) {
                refuse(line_at(begin), "the text is not valid UTF-8");
            }
            begin = end + 1;
        }
    }

    // Returns where the text goes on behind the tag that begins at `at`.
    std::size_t check_tag(std::size_t at) {
        Tag tag;
        tag.line = line_at(at);
        std::size_t begin = at + 2;
        if (begin < prompt_.text.size() &&
            std::string_view("#^/!&{>=").find(prompt_.text[begin]) != std::string_view::npos)
            tag.kind = prompt_.text[begin++];
        const std::string_view closing = tag.kind == '{' ? "}}}" : "}}";
        const std::size_t end = prompt_.text.find(closing, begin);
        if (end == std::string::npos) refuse(tag.line, "a tag is never closed");
        tag.name = prompt_.text.substr(begin, end - begin);
        tag.name.erase(0, tag.name.find_first_not_of(" \t\r\n"));
        tag.name.erase(tag.name.find_last_not_of(" \t\r\n") + 1);
        check(tag);
        return end + closing.size();
    }

    void check(const Tag& tag) {
        switch (tag.kind) {
            case '!':
                return;
            case '>':
            case '=':
                refuse(tag.line, "prompts cannot include others or change their delimiters");
            case '/':
                if (open_.empty() || open_.back().name != tag.name)
                    refuse(tag.line, fmt::format("the section \"{}\" is closed, but not open", tag.name));
                open_.pop_back();
                return;
            default:
                break;
        }
        if (!is_known(tag.name))
            refuse(tag.line, fmt::format("there is no variable \"{}\" here; there is {}", tag.name, known()));
        if (tag.kind == '#' || tag.kind == '^')
            open_.push_back(tag);
        else if (is_told_always(tag.name))
            told_.insert(tag.name);
    }

    bool is_told_always(const std::string& name) const {
        return std::all_of(open_.begin(), open_.end(),
                           [&](const Tag& section) { return section.kind == '#' && section.name == name; });
    }

    // Those of the sections around are known too.
    std::vector<std::string_view> names() const {
        std::vector<std::string_view> all;
        const auto add = [&](std::string_view section) {
            const auto found = vocabulary_.find(section);
            if (found != vocabulary_.end()) all.insert(all.end(), found->second.begin(), found->second.end());
        };
        for (auto section = open_.rbegin(); section != open_.rend(); ++section)
            if (section->kind == '#') add(section->name);
        add("");
        return all;
    }
    bool is_known(const std::string& name) const {
        const std::vector<std::string_view> all = names();
        return std::find(all.begin(), all.end(), name) != all.end();
    }
    std::string known() const {
        std::string list;
        for (const std::string_view name : names()) list.append(list.empty() ? "" : ", ").append(name);
        return list.empty() ? "none" : list;
    }

    const PromptTemplate& prompt_;
    const Vocabulary& vocabulary_;
    std::vector<Tag> open_;
    std::set<std::string, std::less<>> told_;
};

}  // namespace

void check_template(const PromptTemplate& prompt, const Vocabulary& vocabulary,
                    const std::vector<std::string_view>& needed) {
    Checker(prompt, vocabulary).check(needed);
}

}  // namespace assistd::core
