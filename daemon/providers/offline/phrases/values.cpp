#include "providers/offline/phrases/values.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

bool is_within(const Argument& argument, double value) {
    return (!argument.minimum || value >= *argument.minimum) &&
           (!argument.maximum || value <= *argument.maximum);
}

// Whole numbers have no decimals: "10.000" is ten thousand.
double whole_as_written(const Token& token, double value) {
    const std::size_t dot = token.raw.find('.');
    const bool is_grouped = dot != std::string::npos && dot > 0 && dot <= 3 && token.raw.size() == dot + 4 &&
                            token.raw.find_first_not_of("0123456789.") == std::string::npos &&
                            token.raw.front() != '0';
    return is_grouped ? value * 1000 : value;
}

std::optional<SlotReading> read_one_number(const Argument& argument, Tokens tokens, std::size_t at) {
    const auto number = read_number(tokens, at);
    if (!number) return std::nullopt;
    double value = number->value;
    if (argument.type == ArgumentType::integer && number->next == at + 1)
        value = std::round(1000 * whole_as_written(tokens[at], value)) / 1000;
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

// "seeds 1,2": two whole numbers, where of others it would be 1.2.
void read_pair(const Token& token, SlotReading& reading) {
    const std::size_t comma = token.raw.find(',');
    const bool is_fraction = !reading.value.values.back().is_number_integer();
    if (comma == std::string::npos || !is_fraction || token.kind != Token::Kind::number) return;
    reading.value.values = {std::atoll(token.raw.substr(0, comma).c_str()),
                            std::atoll(token.raw.substr(comma + 1).c_str())};
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
    if (argument.type == ArgumentType::integer) read_pair(tokens[at], *one);
    readings.back() = *one;
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

bool is_of_dimensions(std::string_view modifier) {
    return modifier == "2d" || modifier == "3d";
}

bool Reference::is_newest_of_any() const {
    if (items.size() != 1) return false;
    const Item& item = items.front();
    return item.handle.empty() && item.word().empty() && !item.several && !item.every && item.ordinal == 0;
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
