// Artifacts as people name them: handles, "it", "the last three simulations", "simulation-1, 2 and 3".

#include <algorithm>
#include <array>

#include "providers/offline/phrases/values.h"
#include "providers/offline/words/artifact_nouns.h"
#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

template <std::size_t n>
bool any_of(const std::array<std::string_view, n>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

class ReferenceReader {
  public:
    ReferenceReader(const std::vector<std::string>& kinds, bool plural, Tokens tokens, std::size_t at)
        : kinds_(kinds), plural_(plural), tokens_(tokens), at_(at) {}

    // With one item, with two, and so on: "it and simulation-3" may also be "it" and another clause.
    std::vector<SlotReading> run() {
        std::vector<SlotReading> readings;
        Reference reference;
        while (reference.items.size() < most_items && item(reference)) {
            SlotReading reading;
            reading.value.reference = reference;
            reading.next = at_;
            reading.score = !fits(reference) ? unfitting : reference.only_handles() ? 40 : 30;
            // Several things belong into a list rather than into one run for each.
            if (plural_ && reference.plural() && fits(reference)) ++reading.score;
            readings.push_back(std::move(reading));
            if (!separator()) break;
        }
        return readings;
    }

  private:
    static constexpr std::size_t most_items = 20;
    static constexpr std::array<std::string_view, 17> joining{
        "and", "as", "at", "by",       "for", "from",   "in",   "into",   "of",
        "on",  "or", "to", "together", "vs",  "versus", "with", "against"};
    static constexpr std::size_t most_counted = 1000;  // "the last 50": too many are refused in words
    // Handles of another kind are read too, so that a tool can say so; one that takes them is better.
    static constexpr int unfitting = -1500;

    bool fits(const Reference& reference) const {
        const auto one = [this](const Reference::Item& item) {
            const std::string kind =
                is_study_id(item.handle) ? "study" : item.handle.substr(0, item.handle.rfind('-'));
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

    std::string noun(std::size_t i, bool& found, bool& many) const {
        return kind_named(text(i), kinds_, found, many);
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
        // "The dla and the cca simulations" are those of both.
        for (Reference::Item& earlier : reference.items)
            if (earlier.bare && item.several) earlier.several = true;
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

    bool whole_number(std::size_t i) const {
        return i < tokens_.size() && tokens_[i].kind == Token::Kind::number && !tokens_[i].percent &&
               tokens_[i].text.find_first_not_of("0123456789") == std::string::npos &&
               tokens_[i].text.size() < 7;
    }

    // "simulation-12", "simulation 12", "simulations 1, 2", the "2" of "simulation-1 and 2", and each of them
    // up to another: "simulations from 1 to 5".
    bool handle(Reference& reference) {
        std::size_t i = at_;
        bool from = text(i) == "from" && i + 1 < tokens_.size();
        if (from) ++i;
        if ((text(i) == "the" || text(i) == "artifact") && i + 1 < tokens_.size()) ++i;
        bool found = false;
        bool many = false;
        const std::string kind = noun(i, found, many);
        Reference::Item item;
        std::size_t next = i;
        if (const std::string_view name = without_possessive(i); is_handle(name) || is_study_id(name)) {
            item.handle = name;
            next = i + 1;
        } else if (whole_number(i) && !reference.items.empty() && !reference.items.back().handle.empty()) {
            const std::string& before = reference.items.back().handle;
            item.handle = before.substr(0, before.rfind('-') + 1) + tokens_[i].text;
            next = i + 1;
        } else {
            std::size_t number = i + 1;
            static constexpr std::array<std::string_view, 4> announcing{"from", "number", "no", "nr"};
            from = from || text(number) == "from";
            if (any_of(announcing, text(number))) ++number;
            const std::string_view announced =
                number < tokens_.size() ? without_possessive(number) : std::string_view();
            if (is_handle(announced)) {
                // "study study-3": the noun announces the handle.
                if (!may_be_called(announced.substr(0, announced.rfind('-')), text(i))) return false;
                item.handle = announced;
            } else if (found && whole_number(number)) {
                item.handle = (kind.empty() ? stem(text(i)) : kind) + "-" + tokens_[number].text;
            } else {
                return false;
            }
            next = number + 1;
        }
        const bool is_range = up_to(item, next);
        if (from && !is_range) return false;
        item.may_be_pair = item.may_be_pair && !from && !many && reference.items.empty();
        add(reference, std::move(item), next);
        return true;
    }

    // The "to 5" or "through simulation-5" at `next`, behind a handle.
    bool up_to(Reference::Item& item, std::size_t& next) const {
        static constexpr std::array<std::string_view, 5> joints{"to", "through", "thru", "until", "till"};
        std::size_t i = next;
        if (text(i) == "up") ++i;
        if (!any_of(joints, text(i))) return false;
        ++i;
        const std::size_t dash = item.handle.rfind('-');
        const std::string_view other = i < tokens_.size() ? without_possessive(i) : std::string_view();
        std::string_view number;
        if (whole_number(i))
            number = text(i);
        else if (is_handle(other) && other.substr(0, other.rfind('-')) == item.handle.substr(0, dash))
            number = other.substr(dash + 1);
        constexpr std::size_t most_digits = 6;
        if (number.empty() || number.size() > most_digits || item.handle.size() > dash + 1 + most_digits)
            return false;
        const int first = std::stoi(item.handle.substr(dash + 1)), last = std::stoi(std::string(number));
        if (last <= first) return false;
        item.last = last;
        // "through" and a dash never mean the two alone.
        item.may_be_pair = text(next) == "to" && tokens_[next].raw != "-";
        next = i + 1;
        return true;
    }

    // "the first one", "my second dla cluster", "the second dla", "the third", "the first two".
    bool ordinal(Reference& reference) {
        std::size_t i = at_;
        const bool determined = determiner(i);
        Reference::Item item;
        item.ordinal = ordinal_number(text(i));
        if (item.ordinal == 0) return false;
        ++i;
        if (const auto number = read_number(tokens_, i);
            item.ordinal == 1 && number && number->value >= 2 && number->value <= most_counted) {
            item.several = true;
            item.count = static_cast<int>(number->value);
            i = number->next;
        }
        bool many = false;
        const bool found = thing(i, item, many) || by_maker(i, item);
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
        item.every = word == "everything" || word == "all";
        item.may_be_list = word == "all";
        std::size_t next = at_ + 1;
        if (word == "all" || word == "these" || word == "those") next = past_count(next, item);
        if (text(next) == "of") ++next;
        static constexpr std::array<std::string_view, 7> rest{"them", "these", "those", "the",
                                                              "my",   "our",   "two"};
        while (any_of(rest, text(next))) ++next;
        Reference::Item named = item;
        std::size_t noun_at = next;
        // "all simulations" and "all dla simulations"; "these simulations"
        const bool is_named = thing(noun_at, named, many) && (word == "all" ? many : named.modifier.empty());
        if (is_named) {
            item = named;
            item.may_be_list = false;
            next = noun_at + 1;
        } else if (text(next - 1) == "the" || text(next - 1) == "my" || text(next - 1) == "of") {
            return false;
        }
        if (text(next) == "all" && text(next - 1) == word && word != "all") {  // "them all"
            item.every = item.may_be_list = true;
            ++next;
        }
        add(reference, std::move(item), item.every ? past_all(tokens_, next) : next);
        return true;
    }

    // The "three" of "all three", "all 3 clusters".
    std::size_t past_count(std::size_t at, Reference::Item& item) const {
        const auto number = read_number(tokens_, at);
        if (!number || number->percent || number->value < 2 || number->value > most_items) return at;
        item.count = static_cast<int>(number->value);
        return number->next;
    }

    // "the last three simulations", "the three newest", "my two clusters", "the simulations"
    bool group(Reference& reference) {
        std::size_t i = at_;
        const bool determined = determiner(i);
        bool newest = adjective(i);
        Reference::Item item;
        item.several = true;
        if (const auto number = read_number(tokens_, i);
            number && number->value >= 2 && number->value <= (newest ? most_counted : most_items)) {
            item.count = static_cast<int>(number->value);
            i = number->next;
            newest = adjective(i) || newest;  // "the three newest"
        }
        item.newest = newest;
        item.every = text(at_) == "my" && item.count == 0 && !newest;
        bool many = false;
        const std::size_t noun_at = i;
        if (!(thing(i, item, many) && many)) {
            // "the last three" and "the three", but not "the 3 particles".
            if (item.count == 0 || (!newest && !(determined && ends_at(noun_at)))) return false;
            i = noun_at;
            item.kind.clear();
            item.modifier.clear();
        } else {
            ++i;
        }
        if (!determined && !newest && item.count == 0) return false;
        add(reference, std::move(item), i);
        return true;
    }

    // "the last one", "my latest plot", "last simulation", "the dla cluster", "the dla"
    bool described(Reference& reference) {
        std::size_t i = at_;
        const bool determined = determiner(i);
        const bool newest = adjective(i);
        if (!determined && !newest) return false;
        Reference::Item item;
        item.newest = newest;
        bool many = false;
        bool found = thing(i, item, many);
        if (found && many) return false;
        found = found || by_maker(i, item);
        // "the last" alone is enough, "the" is not.
        if (!found && !newest) return false;
        add(reference, std::move(item), found ? i + 1 : i);
        return true;
    }

    // Whether no further word belongs to what is named.
    bool ends_at(std::size_t i) const {
        return i >= tokens_.size() || tokens_[i].kind == Token::Kind::comma ||
               tokens_[i].kind == Token::Kind::stop || any_of(joining, text(i));
    }

    // Whether things of this kind may be meant.
    bool may_be(const std::string& kind) const {
        return !kind.empty() && (kinds_.empty() || std::ranges::find(kinds_, kind) != kinds_.end());
    }

    // "cluster", "dla cluster": true when it names what fits; `i` is then where its noun is.
    bool thing(std::size_t& i, Reference::Item& item, bool& many) const {
        bool found = false;
        item.kind = noun(i, found, many);
        if (!found && i + 1 < tokens_.size() && tokens_[i].kind == Token::Kind::word &&
            !is_negation(text(i)) && !any_of(joining, text(i)) && !text(i).ends_with("est")) {
            item.kind = noun(i + 1, found, many);
            // What is attached comes first anyway.
            if (found && text(i) != "attached" && text(i) != "uploaded") item.modifier = text(i);
            if (found) ++i;
        }
        if (!found) item.kind.clear();
        return found;
    }

    // "dla", which alone names what it makes.
    bool by_maker(std::size_t i, Reference::Item& item) const {
        if (i >= tokens_.size() || !may_be(tokens_[i].makes)) return false;
        item.kind = tokens_[i].makes;
        item.modifier = text(i);
        item.bare = true;
        return true;
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
