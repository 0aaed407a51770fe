// Artifacts as people name them: handles, "it", "the last three simulations", "simulation-1, 2 and 3".

#include <algorithm>
#include <array>

#include "providers/offline/values.h"

namespace assistd::providers::offline {
namespace {

template <std::size_t n>
bool any_of(const std::array<std::string_view, n>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

struct Synonym {
    std::string_view word;
    std::string_view kind;
};
// What people call artifacts, where a tool takes that kind or every kind; one that takes a kind knows its
// name.
constexpr std::array<Synonym, 27> synonyms{{{"simulation", "simulation"},
                                            {"plot", "plot"},
                                            {"geometry", "geometry"},
                                            {"table", "table"},
                                            {"image", "image"},
                                            {"picture", "image"},
                                            {"report", "report"},
                                            {"comparison", "comparison"},
                                            {"study", "study"},
                                            {"document", "document"},
                                            {"file", ""},
                                            {"cluster", "simulation"},
                                            {"aggregate", "simulation"},
                                            {"agglomerate", "simulation"},
                                            {"structure", "simulation"},
                                            {"sim", "simulation"},
                                            {"run", "simulation"},
                                            {"graph", "plot"},
                                            {"figure", "plot"},
                                            {"chart", "plot"},
                                            {"diagram", "plot"},
                                            {"analysis", "analysis"},
                                            {"fit", "analysis"},
                                            {"result", ""},
                                            {"one", ""},
                                            {"artifact", ""},
                                            {"thing", ""}}};

class ReferenceReader {
  public:
    ReferenceReader(const std::vector<std::string>& kinds, bool plural, Tokens tokens, std::size_t at)
        : kinds_(kinds), plural_(plural), tokens_(tokens), at_(at) {}

    // The reference with one item, with two, and so on: "it and simulation-3" may also be "it" and another
    // clause.
    std::vector<SlotReading> run() {
        std::vector<SlotReading> readings;
        Reference reference;
        while (reference.items.size() < most_items && item(reference)) {
            SlotReading reading;
            reading.value.reference = reference;
            reading.next = at_;
            reading.score = !fits(reference) ? unfitting : reference.only_handles() ? 40 : 30;
            readings.push_back(std::move(reading));
            if (!separator()) break;
        }
        return readings;
    }

  private:
    static constexpr std::size_t most_items = 20;
    // Handles of a kind that the tool does not take are still read, so that it can say so; a tool that takes
    // them is better, even when another has a word more for it.
    static constexpr int unfitting = -1500;

    bool fits(const Reference& reference) const {
        const auto one = [this](const Reference::Item& item) {
            const std::string kind = item.handle.substr(0, item.handle.rfind('-'));
            return item.handle.empty() || kinds_.empty() ||
                   std::find(kinds_.begin(), kinds_.end(), kind) != kinds_.end();
        };
        return std::all_of(reference.items.begin(), reference.items.end(), one);
    }

    std::string_view text(std::size_t i) const {
        return i < tokens_.size() && tokens_[i].kind != Token::Kind::quoted
                   ? std::string_view(tokens_[i].text)
                   : std::string_view();
    }

    // The kind that a noun stands for; `found` is false when it names no artifact that fits.
    std::string noun(std::size_t i, bool& found, bool& many) const {
        found = false;
        const std::string word = stem(text(i));
        many = word != text(i);
        for (const std::string& kind : kinds_)
            if (stem(kind) == word) {
                found = true;
                return kind;
            }
        for (const Synonym& synonym : synonyms) {
            if (stem(synonym.word) != word) continue;
            found = synonym.kind.empty() || kinds_.empty() ||
                    std::find(kinds_.begin(), kinds_.end(), synonym.kind) != kinds_.end();
            return std::string(synonym.kind);
        }
        return "";
    }

    bool separator() {
        static constexpr std::array<std::string_view, 8> listing{"and", "with",   "to", "against",
                                                                 "vs",  "versus", "or", "&"};
        const std::size_t before = at_;
        while (at_ < tokens_.size() && (text(at_) == "," || text(at_) == "and")) ++at_;
        if (plural_ && at_ == before && any_of(listing, text(at_))) ++at_;
        return at_ > before && at_ < tokens_.size();
    }

    bool item(Reference& reference) {
        return handle(reference) || pronoun(reference) || ordinal(reference) || group(reference) ||
               described(reference);
    }

    void add(Reference& reference, Reference::Item item, std::size_t next) {
        reference.items.push_back(std::move(item));
        at_ = next;
    }

    // "simulation-5" of "simulation-5's Df", which is read as "simulation-5s".
    std::string_view without_possessive(std::size_t i) const {
        std::string_view word = text(i);
        const bool possessive = word.ends_with('s') && tokens_[i].raw.find('\'') != std::string::npos;
        if (possessive) word.remove_suffix(1);
        return word;
    }

    // "simulation-12", "simulation 12", "simulations 1, 2", and the "2" of "simulation-1 and 2".
    bool handle(Reference& reference) {
        std::size_t i = at_;
        if ((text(i) == "the" || text(i) == "artifact") && i + 1 < tokens_.size()) ++i;
        Reference::Item item;
        if (const std::string_view name = without_possessive(i); is_handle(name)) {
            item.handle = name;
            add(reference, std::move(item), i + 1);
            return true;
        }
        const auto whole_number = [this](std::size_t k) {
            return k < tokens_.size() && tokens_[k].kind == Token::Kind::number && !tokens_[k].percent &&
                   tokens_[k].text.find_first_not_of("0123456789") == std::string::npos &&
                   tokens_[k].text.size() < 7;
        };
        if (whole_number(i) && !reference.items.empty() && !reference.items.back().handle.empty()) {
            const std::string& last = reference.items.back().handle;
            item.handle = last.substr(0, last.rfind('-') + 1) + tokens_[i].text;
            add(reference, std::move(item), i + 1);
            return true;
        }
        bool found = false;
        bool many = false;
        const std::string kind = noun(i, found, many);
        // "study study-3": the noun announces the handle.
        if (const std::string_view name = without_possessive(i + 1);
            i + 1 < tokens_.size() && is_handle(name)) {
            if (!announces(i, name)) return false;
            item.handle = name;
            add(reference, std::move(item), i + 2);
            return true;
        }
        if (!found || !whole_number(i + 1)) return false;
        item.handle = (kind.empty() ? stem(text(i)) : kind) + "-" + tokens_[i + 1].text;
        add(reference, std::move(item), i + 2);
        return true;
    }

    // Whether the noun is what people call artifacts like the one with this handle, whatever the tool takes.
    bool announces(std::size_t i, std::string_view handle) const {
        const std::string word = stem(text(i));
        const std::string_view kind = handle.substr(0, handle.rfind('-'));
        if (stem(kind) == word) return true;
        return std::any_of(synonyms.begin(), synonyms.end(), [&](const Synonym& synonym) {
            return stem(synonym.word) == word && (synonym.kind.empty() || synonym.kind == kind);
        });
    }

    // "the first one", "my second dla cluster", "the third", "the first two".
    bool ordinal(Reference& reference) {
        std::size_t i = at_;
        const bool determined = determiner(i);
        Reference::Item item;
        item.ordinal = ordinal_number(text(i));
        if (item.ordinal == 0) return false;
        ++i;
        if (const auto number = read_number(tokens_, i);
            item.ordinal == 1 && number && number->value >= 2 && number->value <= 20) {
            item.several = true;
            item.count = static_cast<int>(number->value);
            i = number->next;
        }
        bool many = false;
        const bool found = thing(i, item, many);
        if (found && many != item.several) return false;
        if (!found && !determined && !item.several) return false;
        add(reference, std::move(item), found ? i + 1 : i);
        return true;
    }

    static int ordinal_number(std::string_view word) {
        static constexpr std::array<std::string_view, 10> spelled{
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"};
        static constexpr std::array<std::string_view, 10> short_forms{"1st", "2nd", "3rd", "4th", "5th",
                                                                      "6th", "7th", "8th", "9th", "10th"};
        for (std::size_t i = 0; i < spelled.size(); ++i)
            if (word == spelled[i] || word == short_forms[i]) return static_cast<int>(i) + 1;
        return 0;
    }

    bool pronoun(Reference& reference) {
        static constexpr std::array<std::string_view, 4> single{"it", "its", "that", "this"};
        static constexpr std::array<std::string_view, 9> plural{"them", "these",      "those", "both", "all",
                                                                "each", "everything", "they",  "their"};
        const std::string_view word = text(at_);
        Reference::Item item;
        bool found = false;
        bool many = false;
        if (any_of(single, word)) {
            std::size_t next = at_ + 1;
            // "that simulation", "this one"
            if (!word.starts_with("it")) item.kind = noun(next, found, many);
            if (found && !many)
                ++next;
            else
                item.kind.clear();
            add(reference, std::move(item), next);
            return true;
        }
        if (!any_of(plural, word)) return false;
        item.several = true;
        item.count = word == "both" ? 2 : 0;
        item.every = word == "everything";
        std::size_t next = at_ + 1;
        if (text(next) == "of") ++next;
        static constexpr std::array<std::string_view, 7> rest{"them", "these", "those", "the",
                                                              "my",   "our",   "two"};
        while (any_of(rest, text(next))) ++next;
        const std::string kind = noun(next, found, many);
        if (found && (many || word != "all")) {
            item.kind = kind;
            item.every = word == "all";
            ++next;
        } else if (text(next - 1) == "the" || text(next - 1) == "my" || text(next - 1) == "of") {
            return false;
        }
        add(reference, std::move(item), next);
        return true;
    }

    // "the last three simulations", "the three newest", "my two clusters", "the simulations"
    bool group(Reference& reference) {
        std::size_t i = at_;
        const bool determined = determiner(i);
        bool newest = adjective(i);
        Reference::Item item;
        item.several = true;
        if (const auto number = read_number(tokens_, i);
            number && number->value >= 2 && number->value <= 20) {
            item.count = static_cast<int>(number->value);
            i = number->next;
            newest = adjective(i) || newest;  // "the three newest"
        }
        item.newest = newest;
        bool found = false;
        bool many = false;
        item.kind = noun(i, found, many);
        if (!(found && many)) {
            if (item.count == 0 || !newest) return false;
            item.kind.clear();
        } else {
            ++i;
        }
        if (!determined && !newest && item.count == 0) return false;
        add(reference, std::move(item), i);
        return true;
    }

    // "the last one", "my latest plot", "last simulation", "the dla cluster"
    bool described(Reference& reference) {
        std::size_t i = at_;
        const bool determined = determiner(i);
        const bool newest = adjective(i);
        if (!determined && !newest) return false;
        Reference::Item item;
        item.newest = newest;
        bool many = false;
        const bool found = thing(i, item, many);
        if (found && many) return false;
        // "the last" alone is enough, "the" is not.
        if (!found && !newest) return false;
        add(reference, std::move(item), found ? i + 1 : i);
        return true;
    }

    // "cluster", "dla cluster": true when it names what fits; `i` is then where its noun is.
    bool thing(std::size_t& i, Reference::Item& item, bool& many) const {
        bool found = false;
        item.kind = noun(i, found, many);
        if (!found && i + 1 < tokens_.size() && tokens_[i].kind == Token::Kind::word &&
            !is_negation(text(i))) {
            item.kind = noun(i + 1, found, many);
            if (found) item.modifier = text(i++);
        }
        if (!found) item.kind.clear();
        return found;
    }

    bool determiner(std::size_t& i) const {
        static constexpr std::array<std::string_view, 4> words{"the", "my", "our", "your"};
        if (!any_of(words, text(i))) return false;
        ++i;
        return true;
    }

    bool adjective(std::size_t& i) const {
        static constexpr std::array<std::string_view, 8> words{"last",   "latest",  "newest", "previous",
                                                               "recent", "current", "prior",  "resulting"};
        if (text(i) == "very" || text(i) == "most") ++i;
        if (!any_of(words, text(i))) return false;
        ++i;
        return true;
    }

    const std::vector<std::string>& kinds_;
    bool plural_;
    Tokens tokens_;
    std::size_t at_;
};

}  // namespace

bool is_handle(std::string_view text) {
    const std::size_t dash = text.rfind('-');
    if (dash == std::string_view::npos || dash == 0 || dash + 1 == text.size()) return false;
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return std::all_of(text.begin() + static_cast<long>(dash) + 1, text.end(), digit) && !digit(text[0]);
}

std::vector<SlotReading> read_reference(const std::vector<std::string>& kinds, bool plural, Tokens tokens,
                                        std::size_t at) {
    return ReferenceReader(kinds, plural, tokens, at).run();
}

}  // namespace assistd::providers::offline
