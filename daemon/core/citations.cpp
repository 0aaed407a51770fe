#include "core/citations.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "base/one_line.h"
#include "core/sentences.h"

namespace assistd::core {
namespace {

constexpr std::string_view opening = "【", dagger = "†", closing = "】";
constexpr std::size_t most_marker_bytes = 1'024;
constexpr std::size_t most_quote_bytes = 600;

struct Marker {
    std::size_t begin, end;  // in bytes
    int search, number;
    std::string_view name;
};

std::int64_t count_characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(),
                         [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; });
}

// The number at the front of `text`, which is taken off with what follows it.
std::optional<int> take_number(std::string_view& text, std::string_view follows) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || number < 0) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(follows)) return std::nullopt;
    text.remove_prefix(follows.size());
    return number;
}

// The marker that begins at `begin`, if one does.
std::optional<Marker> marker_at(std::string_view reply, std::size_t begin) {
    const std::string_view from_here = reply.substr(begin, most_marker_bytes);
    const std::size_t end = from_here.find(closing);
    if (end == std::string_view::npos) return std::nullopt;
    std::string_view inside = from_here.substr(opening.size(), end - opening.size());
    const auto search = take_number(inside, ":");
    const auto number = search ? take_number(inside, dagger) : std::nullopt;
    if (!number || inside.find(opening) != std::string_view::npos) return std::nullopt;
    return Marker{begin, begin + end + closing.size(), *search, *number, inside};
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
}

// A name in which no marker ends.
std::string name_in_marker(std::string_view file_name) {
    std::string name = one_line(file_name);
    replace_all(name, opening, "[");
    replace_all(name, closing, "]");
    replace_all(name, dagger, "+");
    return name;
}

// Words without regard to capitals; of scripts that have no blanks, characters.
std::set<std::string> words_of(std::string_view text) {
    constexpr std::size_t least_letters = 3;
    std::set<std::string> words;
    std::string word;
    const auto end_word = [&] {
        if (word.size() >= least_letters) words.insert(word);
        word.clear();
    };
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto byte = static_cast<unsigned char>(text[at]);
        if (byte >= 0xE0 && at + 2 < text.size()) {
            end_word();
            words.emplace(text.substr(at, 3));
            at += 2;
        } else if (byte >= 'A' && byte <= 'Z') {
            word += static_cast<char>(byte - 'A' + 'a');
        } else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') || byte >= 0x80) {
            word += static_cast<char>(byte);
        } else {
            end_word();
        }
    }
    end_word();
    return words;
}

// Without the markers that stand between, the last sentence before `at`.
std::string_view claim_before(std::string_view reply, std::size_t at) {
    constexpr std::size_t most_claim_bytes = 2'000;
    std::string_view before = reply.substr(0, at);
    if (before.size() > most_claim_bytes) before.remove_prefix(before.size() - most_claim_bytes);
    for (;;) {
        while (!before.empty() && (before.back() == ' ' || before.back() == '\n')) before.remove_suffix(1);
        if (!before.ends_with(closing)) break;
        const std::size_t open = before.rfind(opening);
        if (open == std::string_view::npos) break;
        before = before.substr(0, open);
    }
    const std::vector<std::string_view> sentences = sentences_of(before);
    return sentences.empty() ? std::string_view() : sentences.back();
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// The sentence that shares most with the claim, with the next ones as long as all of it is short.
std::string_view quote_for(std::string_view claim, std::string_view passage) {
    const std::set<std::string> wanted = words_of(claim);
    const std::vector<std::string_view> sentences = sentences_of(passage);
    std::size_t best = 0, most = 0;
    for (std::size_t i = 0; i < sentences.size(); ++i) {
        const std::set<std::string> words = words_of(sentences[i]);
        const auto shared = static_cast<std::size_t>(std::count_if(
            words.begin(), words.end(), [&](const std::string& word) { return wanted.contains(word); }));
        if (shared > most) most = shared, best = i;
    }
    if (sentences.empty()) return {};
    std::string_view quote = sentences[best];
    for (std::size_t i = best + 1; i < sentences.size(); ++i) {
        const bool is_over =
            quote.ends_with("\n\n");  // a paragraph, and what comes next is about something else
        if (is_over || quote.size() + sentences[i].size() > most_quote_bytes / 2) break;
        quote = {quote.data(), quote.size() + sentences[i].size()};
    }
    if (quote.size() > most_quote_bytes) {
        std::size_t end = most_quote_bytes;
        while (end > 0 && (static_cast<unsigned char>(quote[end]) & 0xC0) == 0x80) --end;
        quote = quote.substr(0, end);
    }
    return trimmed(quote);
}

bool names_another(std::string_view name, const FoundPassage& meant, const std::vector<FoundPassage>& found) {
    if (name == name_in_marker(meant.passage.file_name)) return false;
    return std::any_of(found.begin(), found.end(), [&](const FoundPassage& other) {
        return name == name_in_marker(other.passage.file_name);
    });
}

}  // namespace

std::string marker_of(int search, int number, std::string_view file_name) {
    std::string marker(opening);
    marker.append(std::to_string(search)).append(":").append(std::to_string(number)).append(dagger);
    return marker.append(name_in_marker(file_name)).append(closing);
}

std::vector<FoundPassage> found_in(std::string_view result) {
    using nlohmann::json;
    const json whole = json::parse(result, nullptr, false);
    std::vector<FoundPassage> all;
    try {
        const json& data = whole.at("data");
        for (const json& told : data.at("passages")) {
            const auto file = ArtifactId::parse(told.at("file_id").get<std::string>());
            if (!file) continue;
            FoundPassage one{data.at("search"), told.at("number"), {}};
            one.passage.file = *file;
            one.passage.file_name = told.at("file_name");
            one.passage.score = told.at("score");
            one.passage.text = told.at("text");
            if (told.contains("page")) one.passage.page = told["page"].get<int>();
            one.passage.start = told.at("start");
            one.passage.end = told.at("end");
            one.passage.heading = told.value("heading", "");
            all.push_back(std::move(one));
        }
    } catch (const json::exception&) {
        return {};  // another tool's, or a failed call's
    }
    return all;
}

std::vector<Citation> citations_of(std::string_view reply, const std::vector<FoundPassage>& found) {
    std::vector<Citation> citations;
    std::size_t counted = 0;  // bytes
    std::int64_t characters = 0;
    for (std::size_t at = 0; (at = reply.find(opening, at)) != std::string_view::npos;) {
        const auto marker = marker_at(reply, at);
        const auto meant = std::find_if(found.begin(), found.end(), [&](const FoundPassage& one) {
            return marker && one.search == marker->search && one.number == marker->number;
        });
        if (meant == found.end() || names_another(marker->name, *meant, found)) {
            at += opening.size();
            continue;
        }
        characters += count_characters(reply.substr(counted, marker->begin - counted));
        counted = marker->begin;
        const Passage& passage = meant->passage;
        const std::string_view quote = quote_for(claim_before(reply, marker->begin), passage.text);
        const std::size_t in_passage =
            quote.empty() ? 0 : static_cast<std::size_t>(quote.data() - passage.text.data());
        Citation citation;
        citation.marker = reply.substr(marker->begin, marker->end - marker->begin);
        citation.start_index = characters;
        citation.end_index = characters + count_characters(citation.marker);
        citation.file = passage.file;
        citation.file_name = passage.file_name;
        citation.quote = quote;
        citation.quote_start =
            passage.start + count_characters(std::string_view(passage.text).substr(0, in_passage));
        citation.quote_end = citation.quote_start + count_characters(quote);
        citation.page = passage.page;
        citations.push_back(std::move(citation));
        at = marker->end;
    }
    return citations;
}

}  // namespace assistd::core
