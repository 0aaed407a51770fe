#include "providers/offline/values.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

struct NumberWord {
    std::string_view word;
    double value;
};
constexpr std::array<NumberWord, 28> small_numbers{
    {{"zero", 0},     {"one", 1},      {"two", 2},        {"three", 3},     {"four", 4},
     {"five", 5},     {"six", 6},      {"seven", 7},      {"eight", 8},     {"nine", 9},
     {"ten", 10},     {"eleven", 11},  {"twelve", 12},    {"thirteen", 13}, {"fourteen", 14},
     {"fifteen", 15}, {"sixteen", 16}, {"seventeen", 17}, {"eighteen", 18}, {"nineteen", 19},
     {"twenty", 20},  {"thirty", 30},  {"forty", 40},     {"fifty", 50},    {"sixty", 60},
     {"seventy", 70}, {"eighty", 80},  {"ninety", 90}}};
constexpr std::array<NumberWord, 6> scales{
    {{"dozen", 12}, {"hundred", 100}, {"thousand", 1e3}, {"k", 1e3}, {"million", 1e6}, {"mio", 1e6}}};

template <std::size_t n>
std::optional<double> look_up(const std::array<NumberWord, n>& words, const Token& token) {
    if (token.kind != Token::Kind::word) return std::nullopt;
    std::string_view word = token.text;
    const auto found = [&](std::string_view text) {
        return std::find_if(words.begin(), words.end(),
                            [text](const NumberWord& w) { return w.word == text; });
    };
    auto hit = found(word);
    if (hit == words.end() && word.size() > 4 && word.ends_with('s'))
        hit = found(word.substr(0, word.size() - 1));
    if (hit == words.end()) return std::nullopt;
    return hit->value;
}

// Reads a number that is spelled out, one word at a time.
class SpelledNumber {
  public:
    SpelledNumber(Tokens tokens, std::size_t at) : tokens_(tokens), at_(at) {}

    std::optional<NumberReading> run() {
        double sign = 1;
        if (text(at_) == "minus") {
            sign = -1;
            ++at_;
        }
        if (text(at_) == "half" && text(at_ + 1) == "a" && at_ + 2 < tokens_.size() && scale(at_ + 2)) {
            const double value = 0.5 * *scale(at_ + 2);
            return NumberReading{sign * value, false, at_ + 3};
        }
        const bool article = text(at_) == "a" || text(at_) == "an";
        if (article && at_ + 1 < tokens_.size() && scale(at_ + 1) && tokens_[at_ + 1].text.size() > 1) ++at_;
        while (at_ < tokens_.size() && step()) {}
        if (!any_) return std::nullopt;
        if (text(at_) == "point") fraction();
        return NumberReading{sign * (total_ + current_), false, at_};
    }

  private:
    std::string_view text(std::size_t i) const {
        return i < tokens_.size() ? std::string_view(tokens_[i].text) : std::string_view();
    }
    std::optional<double> scale(std::size_t i) const { return look_up(scales, tokens_[i]); }

    bool step() {
        const Token& token = tokens_[at_];
        if (token.kind == Token::Kind::number) {
            if (any_ || token.percent) return false;
            current_ = token.number;
            last_ = 1;
        } else if (const auto small = look_up(small_numbers, token)) {
            // "twenty five" and "hundred five" go on; "two three" are two numbers.
            const bool fits =
                !any_ || last_ >= 100 || (last_ >= 20 && last_ < 100 && *small < 10 && *small > 0);
            if (!fits) return false;
            current_ += *small;
            last_ = *small;
        } else if (const auto by = scale(at_)) {
            if (!any_ && token.text.size() < 4) return false;  // "k" alone
            if (any_ && current_ == 0) return false;
            if (*by > last_scale_) return false;
            const double base = current_ == 0 ? 1 : current_;
            if (*by >= 1e3) {
                total_ += base * *by;
                current_ = 0;
                last_scale_ = *by / 10;
            } else {
                current_ = base * *by;
            }
            last_ = *by;
        } else if (token.text == "and" && any_ && last_ >= 100 && at_ + 1 < tokens_.size() &&
                   look_up(small_numbers, tokens_[at_ + 1]) && spelled_) {
            ++at_;
            return true;
        } else {
            return false;
        }
        spelled_ = spelled_ || token.kind == Token::Kind::word;
        any_ = true;
        ++at_;
        return true;
    }

    void fraction() {
        double place = 0.1;
        std::size_t i = at_ + 1;
        for (; i < tokens_.size(); ++i) {
            const auto digit = look_up(small_numbers, tokens_[i]);
            if (!digit || *digit > 9) break;
            current_ += *digit * place;
            place /= 10;
        }
        if (i > at_ + 1) at_ = i;
    }

    Tokens tokens_;
    std::size_t at_;
    double total_ = 0;
    double current_ = 0;
    double last_ = 0;
    double last_scale_ = 1e9;
    bool any_ = false;
    bool spelled_ = false;
};

bool is_within(const Argument& argument, double value) {
    return (!argument.minimum || value >= *argument.minimum) &&
           (!argument.maximum || value <= *argument.maximum);
}

std::optional<SlotReading> read_one_number(const Argument& argument, Tokens tokens, std::size_t at) {
    const auto number = read_number(tokens, at);
    if (!number) return std::nullopt;
    double value = number->value;
    if (number->percent && argument.maximum && *argument.maximum <= 1) value /= 100;
    SlotReading reading;
    const bool whole = value == std::floor(value) && std::fabs(value) < 9e15;
    reading.value.values.push_back(argument.type == ArgumentType::integer && whole
                                       ? json(static_cast<std::int64_t>(value))
                                       : json(value));
    reading.next = number->next;
    // One that the argument cannot have is rather meant for another.
    reading.score = is_within(argument, value) ? 20 : 10;
    return reading;
}

std::optional<SlotReading> read_boolean(Tokens tokens, std::size_t at) {
    static constexpr std::array<std::string_view, 4> yes{"true", "yes", "on", "enabled"};
    static constexpr std::array<std::string_view, 4> no{"false", "no", "off", "disabled"};
    const std::string& word = tokens[at].text;
    const bool truth = std::find(yes.begin(), yes.end(), word) != yes.end();
    if (!truth && std::find(no.begin(), no.end(), word) == no.end()) return std::nullopt;
    SlotReading reading;
    reading.value.values.emplace_back(truth);
    reading.next = at + 1;
    reading.score = 30;
    return reading;
}

std::optional<SlotReading> read_choice(const Argument& argument, Tokens tokens, std::size_t at) {
    std::optional<SlotReading> best;
    for (const Choice& choice : argument.choices) {
        std::size_t next = 0;
        if (tokens[at].text == choice.whole ||
            (tokens[at].kind == Token::Kind::quoted && choice.value == tokens[at].text)) {
            next = at + 1;
        } else {
            std::size_t said = 0;
            while (said < choice.words.size() && at + said < tokens.size() &&
                   stem(tokens[at + said].text) == choice.words[said])
                ++said;
            if (said == choice.words.size()) next = at + said;
        }
        if (next == 0 && choice.value.is_number())
            if (const auto number = read_number(tokens, at); number && number->value == choice.value)
                next = number->next;  // "two dimensions"
        if (next == 0 || (best && best->next >= next)) continue;
        best.emplace();
        best->value.values.push_back(choice.value);
        best->next = next;
        // As specific as a word of the phrase, and a little more than one that sets nothing.
        best->score = 1040;
    }
    return best;
}

// A quotation, one word, or a few words up to wherever the phrase goes on. Words that part clauses or deny
// are never part of it.
std::vector<SlotReading> read_string(Tokens tokens, std::size_t at) {
    constexpr std::size_t most_words = 6;
    std::vector<SlotReading> readings;
    if (tokens[at].kind == Token::Kind::quoted) {
        SlotReading reading;
        reading.value.values.emplace_back(tokens[at].text);
        reading.next = at + 1;
        reading.score = 15;
        return {reading};
    }
    for (std::size_t end = at; end < tokens.size() && end < at + most_words; ++end) {
        const Token& token = tokens[end];
        bool ordered = false;
        if (token.kind == Token::Kind::quoted || token.kind == Token::Kind::comma ||
            is_negation(token.text) || connector_length(tokens, end, ordered) > 0)
            break;
        SlotReading reading;
        reading.value.values.emplace_back(as_written(tokens.subspan(at, end + 1 - at)));
        reading.next = end + 1;
        reading.score = 5 - 4 * static_cast<int>(end - at);
        // "soot A": a letter that was written large belongs to the name and is no article.
        if (end > at && token.raw.size() == 1 && token.raw[0] >= 'A' && token.raw[0] <= 'Z')
            reading.score += 6;
        readings.push_back(std::move(reading));
    }
    return readings;
}

std::optional<SlotReading> read_single(const Argument& argument, Tokens tokens, std::size_t at) {
    switch (argument.type) {
        case ArgumentType::integer:
        case ArgumentType::number:
            return read_one_number(argument, tokens, at);
        case ArgumentType::choice:
            return read_choice(argument, tokens, at);
        default:
            return std::nullopt;
    }
}

// "seeds 1 to 3": each of them. Of other numbers a range says nothing about its steps.
std::optional<SlotReading> read_seeds_up_to(const Argument& argument, Tokens tokens, std::size_t at,
                                            SlotReading first) {
    constexpr double most_seeds = 20;
    if (argument.type != ArgumentType::integer || at == 0 || tokens[at - 1].text != "seeds")
        return std::nullopt;
    if (first.next >= tokens.size() || tokens[first.next].text != "to") return std::nullopt;
    const auto last = read_number(tokens, first.next + 1);
    const double from = first.value.values.front().get<double>();
    if (!last || last->percent || last->value <= from || last->value - from >= most_seeds)
        return std::nullopt;
    for (double seed = from + 1; seed <= last->value; ++seed)
        first.value.values.emplace_back(static_cast<std::int64_t>(seed));
    first.next = last->next;
    first.score += 1000;  // "to" is a word of it
    return first;
}

// "csv and xyz", "100, 1000 and 10000": the same slot filled several times.
std::vector<SlotReading> read_listed(const Argument& argument, Tokens tokens, std::size_t at) {
    constexpr std::size_t most_values = 12;
    std::vector<SlotReading> readings;
    auto one = read_single(argument, tokens, at);
    if (!one) return readings;
    readings.push_back(*one);
    // "probability 0.5 and 1, 200 particles": what begins with a fraction is no list of whole numbers.
    const auto wrong = [&argument](const SlotReading& reading) {
        return argument.type == ArgumentType::integer && !reading.value.values.back().is_number_integer();
    };
    if (wrong(*one)) return readings;
    if (auto range = read_seeds_up_to(argument, tokens, at, *one)) return {*range};
    while (one->value.values.size() < most_values) {
        std::size_t i = one->next;
        int said = 0;
        while (i < tokens.size() && (tokens[i].text == "," || tokens[i].text == "and"))
            said += tokens[i++].text == "and" ? 1 : 0;
        if (i == one->next || i >= tokens.size()) break;
        const auto more = read_single(argument, tokens, i);
        if (!more || wrong(*more)) break;
        one->value.values.push_back(more->value.values.front());
        one->next = more->next;
        // A list stays whole rather than being cut at its "and", which is a word of some options.
        one->score += more->score + 1 + 1000 * said;
        readings.push_back(*one);
    }
    return readings;
}

// By its handle or id, by words for it, or by its name. "It" may be a job.
std::vector<SlotReading> read_study(Tokens tokens, std::size_t at) {
    static const std::vector<std::string> kinds{"study"};
    std::vector<SlotReading> readings = read_reference(kinds, false, tokens, at);
    std::erase_if(readings, [](const SlotReading& reading) { return !reading.value.reference->is_named(); });
    for (SlotReading& reading : read_string(tokens, at)) readings.push_back(std::move(reading));
    return readings;
}

std::vector<SlotReading> read_job(Tokens tokens, std::size_t at) {
    static constexpr std::array<std::string_view, 6> any{"it", "that", "this", "job", "one", "everything"};
    if (tokens[at].text.starts_with("job_")) {
        SlotReading reading;
        reading.value.values.emplace_back(tokens[at].raw);
        reading.next = at + 1;
        reading.score = 40;
        return {reading};
    }
    std::size_t i = at;
    if (i < tokens.size() && (tokens[i].text == "the" || tokens[i].text == "my" || tokens[i].text == "this"))
        ++i;
    if (i < tokens.size() && (tokens[i].text == "last" || tokens[i].text == "latest")) ++i;
    if (i >= tokens.size() || std::find(any.begin(), any.end(), tokens[i].text) == any.end()) return {};
    // "job job_12…": the word announces the id.
    if (tokens[i].text == "job" && i + 1 < tokens.size() && tokens[i + 1].text.starts_with("job_"))
        return read_job(tokens, i + 1);
    SlotReading reading;
    reading.value.reference.emplace();
    reading.value.reference->items.emplace_back();
    reading.next = i + 1;
    reading.score = 30;
    return {reading};
}

}  // namespace

std::vector<std::string> Reference::Item::handles() const {
    if (handle.empty()) return {};
    std::vector<std::string> all{handle};
    if (is_too_wide()) return all;
    const std::size_t dash = handle.rfind('-') + 1;
    for (int i = last > 0 ? std::stoi(handle.substr(dash)) + 1 : 1; i <= last; ++i)
        all.push_back(handle.substr(0, dash) + std::to_string(i));
    return all;
}

bool Reference::Item::is_too_wide() const {
    return last > 0 && last - std::stoi(handle.substr(handle.rfind('-') + 1)) >= most_of_range;
}

bool Reference::only_handles() const {
    return std::all_of(items.begin(), items.end(), [](const Item& item) { return !item.handle.empty(); });
}

bool Reference::is_named() const {
    return std::all_of(items.begin(), items.end(),
                       [](const Item& item) { return !item.handle.empty() || !item.kind.empty(); });
}

bool Reference::is_newest_of_any() const {
    if (items.size() != 1) return false;
    const Item& item = items.front();
    return item.handle.empty() && item.word().empty() && !item.several && !item.every && item.ordinal == 0;
}

std::optional<NumberReading> read_number(Tokens tokens, std::size_t at) {
    if (at >= tokens.size()) return std::nullopt;
    if (tokens[at].percent) return NumberReading{tokens[at].number, true, at + 1};
    auto reading = SpelledNumber(tokens, at).run();
    if (reading && reading->next < tokens.size() &&
        (tokens[reading->next].text == "percent" || tokens[reading->next].text == "pct")) {
        reading->percent = true;
        ++reading->next;
    }
    return reading;
}

bool is_study_id(std::string_view text) {
    constexpr std::string_view prefix = "study_";
    return text.starts_with(prefix) && text.size() > prefix.size() &&
           text.find_first_not_of("0123456789abcdef", prefix.size()) == std::string_view::npos;
}

std::vector<SlotReading> read_slot(const Argument& argument, Tokens tokens, std::size_t at) {
    if (at >= tokens.size() || tokens[at].kind == Token::Kind::comma || tokens[at].kind == Token::Kind::stop)
        return {};
    switch (argument.type) {
        case ArgumentType::integer:
        case ArgumentType::number:
        case ArgumentType::choice:
            return read_listed(argument, tokens, at);
        case ArgumentType::boolean:
            if (auto reading = read_boolean(tokens, at)) return {std::move(*reading)};
            return {};
        case ArgumentType::string:
            return read_string(tokens, at);
        case ArgumentType::artifact:
            return read_reference(argument.kinds, false, tokens, at);
        case ArgumentType::artifacts:
            return read_reference(argument.kinds, true, tokens, at);
        case ArgumentType::job:
            return read_job(tokens, at);
        case ArgumentType::study:
            return read_study(tokens, at);
        case ArgumentType::other:
            return {};
    }
    return {};
}

}  // namespace assistd::providers::offline
