#include "knowledge/chunker.h"

#include <algorithm>
#include <string_view>

#include "base/error.h"
#include "core/sentences.h"
#include "core/tokens.h"

namespace assistd::knowledge {
namespace {

// More than any writing needs for a token: what is looked at for one chunk stays bounded for a text of
// blanks.
constexpr std::size_t most_bytes_per_token = 32;

enum class Strength { none, character, word, sentence, paragraph, heading };

struct Cut {
    std::size_t at;       // in bytes of the text
    std::int64_t tokens;  // from the chunk's start
    Strength strength;
};

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

std::int64_t count_characters(std::string_view text) {
    return std::count_if(text.begin(), text.end(), [](char byte) { return !continues(byte); });
}

// Accents, joiners, variations and skin tones belong to the character before them.
bool belongs_to_previous(std::string_view next) {
    return next.starts_with("\u200D") || next.starts_with("\uFE0F") || next.starts_with("\u20E3") ||
           next.starts_with("\U0001F3FB") || next.starts_with("\U0001F3FC") ||
           next.starts_with("\U0001F3FD") || next.starts_with("\U0001F3FE") ||
           next.starts_with("\U0001F3FF") ||
           (next.size() >= 2 && (next[0] == '\xCC' || (next[0] == '\xCD' && next[1] < '\xB0')));
}

class Chunker {
  public:
    Chunker(const Document& document, const core::Chunking& chunking)
        : document_(document),
          text_(document.text),
          most_(chunking.max_chunk_size_tokens),
          overlap_(chunking.chunk_overlap_tokens),
          least_((most_ + overlap_) / 2) {}

    std::vector<Chunk> run() {
        while (end_ < text_.size()) {
            find_cuts();
            const std::size_t before = end_;
            end_ = end_of_chunk(before);
            chunks_.push_back(make_chunk());
            if (end_ < text_.size()) begin_next();
        }
        return std::move(chunks_);
    }

  private:
    // Every place where the chunk that begins at start_ may end.
    void find_cuts() {
        cuts_.clear();
        const std::size_t most_bytes = static_cast<std::size_t>(most_) * most_bytes_per_token;
        std::string_view window = text_.substr(start_, most_bytes);
        while (start_ + window.size() < text_.size() && continues(text_[start_ + window.size()]))
            window.remove_suffix(1);
        core::TokenCounter counter(window);
        while (counter.next()) {
            run_end_ = start_ + counter.position();
            run_tokens_ = counter.tokens();
            if (run_tokens_ > most_) return;
            cuts_.push_back({run_end_, run_tokens_, strength_at(run_end_)});
        }
    }

    Strength strength_at(std::size_t at) const {
        if (at == text_.size()) return Strength::heading;
        const char next = text_[at], last = text_[at - 1];
        if (next == ' ' || next == '\n' || next == '\t') return Strength::none;
        if (heading_begins(at)) return Strength::heading;
        if (last == '\n') {
            const bool empty_line = at >= 2 && text_[at - 2] == '\n';
            return empty_line ? Strength::paragraph : Strength::sentence;
        }
        if (core::sentence_ends_at(text_.substr(0, at + 4), at)) return Strength::sentence;
        if (last == ' ' || last == '\t') return Strength::word;
        const bool joined = belongs_to_previous(text_.substr(at)) || text_.substr(0, at).ends_with("\u200D");
        return joined ? Strength::none : Strength::character;
    }

    bool heading_begins(std::size_t at) const {
        const auto section =
            std::lower_bound(document_.sections.begin(), document_.sections.end(), at,
                             [](const Section& one, std::size_t place) { return one.start < place; });
        if (section == document_.sections.end() || section->start != at) return false;
        return section == document_.sections.begin() || std::prev(section)->headings != section->headings;
    }

    // Beyond where the last chunk ended.
    std::size_t end_of_chunk(std::size_t beyond) const {
        if (!cuts_.empty() && cuts_.back().at == text_.size()) return text_.size();
        const Cut* best = nullptr;
        for (const Cut& cut : cuts_)
            if (cut.at > beyond && cut.tokens >= least_ &&
                (best == nullptr || cut.strength >= best->strength))
                best = &cut;
        return best ? best->at : cut_in_run(beyond);
    }

    // There is something longer than a chunk without a place to cut: a part of it, of the size that its
    // share of the tokens lets expect.
    std::size_t cut_in_run(std::size_t beyond) const {
        const std::size_t begin = std::max(beyond, cuts_.empty() ? start_ : cuts_.back().at);
        const std::int64_t used = cuts_.empty() ? 0 : cuts_.back().tokens;
        const double share = static_cast<double>(most_ - used) /
                             static_cast<double>(std::max<std::int64_t>(1, run_tokens_ - used));
        const std::size_t run = run_end_ > begin ? run_end_ - begin : 0;
        auto length = static_cast<std::size_t>(static_cast<double>(run) * std::min(1.0, share));
        for (;; length = length * 7 / 8) {
            const std::size_t at = character_end(begin, begin + length);
            if (at - begin <= 4 || core::estimate_tokens(text_.substr(start_, at - start_)) <= most_)
                return at;
        }
    }

    // The last place between characters at or before `at`, but behind `begin`.
    std::size_t character_end(std::size_t begin, std::size_t at) const {
        while (at > begin && at < text_.size() && continues(text_[at])) --at;
        if (at > begin) return at;
        ++at;
        while (at < text_.size() && continues(text_[at])) ++at;
        return at;
    }

    void begin_next() {
        const std::size_t start = start_of_overlap();
        start_characters_ += count_characters(text_.substr(start_, start - start_));
        start_ = start;
    }

    std::size_t start_of_overlap() const {
        if (overlap_ == 0) return end_;
        const std::string_view chunk = text_.substr(0, end_);
        const auto tokens_from = [&](std::size_t at) { return core::estimate_tokens(chunk.substr(at)); };
        const std::int64_t whole = core::estimate_tokens(chunk.substr(start_));
        const Cut* best = nullptr;
        for (const Cut& cut : cuts_) {
            const std::int64_t behind = whole - cut.tokens;
            if (cut.at >= end_ || behind > overlap_ || behind < overlap_ * 3 / 4) continue;
            if (cut.strength > Strength::character && (best == nullptr || cut.strength > best->strength) &&
                tokens_from(cut.at) <= overlap_)
                best = &cut;
        }
        if (best != nullptr) return best->at;
        const double share = static_cast<double>(overlap_) / static_cast<double>(std::max(whole, overlap_));
        auto length = static_cast<std::size_t>(static_cast<double>(end_ - start_) * share);
        for (;; length = length * 7 / 8) {
            const std::size_t at = unjoined(end_ - length);
            if (at > start_ && tokens_from(at) <= overlap_) return at;
        }
    }

    // The first place between characters from `at` on where a chunk may begin.
    std::size_t unjoined(std::size_t at) const {
        while (at < end_ && (continues(text_[at]) || belongs_to_previous(text_.substr(at, 4)))) ++at;
        return at;
    }

    Chunk make_chunk() const {
        Chunk chunk;
        chunk.text = text_.substr(start_, end_ - start_);
        chunk.start = start_characters_;
        chunk.end = chunk.start + count_characters(chunk.text);
        auto section = std::upper_bound(document_.sections.begin(), document_.sections.end(), start_,
                                        [](std::size_t at, const Section& one) { return at < one.start; });
        if (section != document_.sections.begin()) --section;
        std::size_t most = 0;
        for (; section != document_.sections.end() && section->start < end_; ++section) {
            const auto next = std::next(section);
            const std::size_t until = next == document_.sections.end() ? end_ : std::min(end_, next->start);
            const std::size_t bytes = until - std::min(until, std::max(start_, section->start));
            if (bytes == 0) continue;
            if (!chunk.first_page) chunk.first_page = section->page;
            if (section->page) chunk.last_page = section->page;
            if (bytes <= most) continue;
            most = bytes;
            chunk.heading = joined(section->headings);
        }
        return chunk;
    }

    static std::string joined(const std::vector<std::string>& headings) {
        std::string text;
        for (const std::string& heading : headings) text.append(text.empty() ? "" : " > ").append(heading);
        return text;
    }

    const Document& document_;
    const std::string_view text_;
    const std::int64_t most_, overlap_, least_;
    std::size_t start_ = 0, end_ = 0;    // of the chunk
    std::int64_t start_characters_ = 0;  // before it
    std::vector<Cut> cuts_;
    // The last run that was looked at, which may be one too many.
    std::size_t run_end_ = 0;
    std::int64_t run_tokens_ = 0;
    std::vector<Chunk> chunks_;
};

void check(const core::Chunking& chunking) {
    const int size = chunking.max_chunk_size_tokens, overlap = chunking.chunk_overlap_tokens;
    std::vector<FieldError> wrong;
    if (size < least_chunk_tokens || size > most_chunk_tokens)
        wrong.push_back({"max_chunk_size_tokens", "A chunk must have 100 to 4096 tokens."});
    if (overlap < 0 || overlap > size / 2)
        wrong.push_back({"chunk_overlap_tokens",
                         "The overlap must be at least 0 and at most half of max_chunk_size_tokens."});
    if (!wrong.empty()) throw Error(ErrorCode::validation, "The text cannot be cut like this.", wrong);
}

}  // namespace

std::vector<Chunk> chunks_of(const Document& document, const core::Chunking& chunking) {
    check(chunking);
    return Chunker(document, chunking).run();
}

}  // namespace assistd::knowledge
