#include <utility>

#include "knowledge/extract/encoding.h"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "knowledge/extract/failure.h"
#include "knowledge/extract/guess.h"

namespace assistd::extract {
namespace {

const auto no_converter = reinterpret_cast<iconv_t>(-1);

bool continues(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

// Counts what is right and what is wrong with a text as UTF-8, block by block.
class Utf8Check {
  public:
    void look_at(std::string_view block) {
        for (const char c : block) {
            const auto byte = static_cast<unsigned char>(c);
            if (missing_ == 0 && byte < 0x80)
                look_at_ascii(byte);
            else
                look_at_wide(byte);
        }
    }
    bool valid() const { return wrong_ == 0 && missing_ == 0; }
    // Damaged here and there, or cut off.
    bool nearly_valid() const { return right_ > 0 && wrong_ * 10 <= right_; }
    bool has_nul() const { return nul_; }
    std::uint64_t controls() const { return controls_; }

  private:
    void look_at_ascii(unsigned char byte) {
        if (byte >= 0x20 && byte != 0x7F) return;
        if (byte == 0) nul_ = true;
        if (byte != '\t' && byte != '\n' && byte != '\r' && byte != '\f' && byte != 0x1B) ++controls_;
    }
    void look_at_wide(unsigned char byte) {
        if (missing_ > 0) {
            if (byte >= least_ && byte <= most_) {
                least_ = 0x80, most_ = 0xBF;
                if (--missing_ == 0) ++right_;
                return;
            }
            ++wrong_;
            missing_ = 0;
            if (byte < 0x80) return look_at_ascii(byte);
        }
        least_ = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
        most_ = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
        if (byte >= 0xC2 && byte < 0xE0)
            missing_ = 1;
        else if (byte >= 0xE0 && byte < 0xF0)
            missing_ = 2;
        else if (byte >= 0xF0 && byte < 0xF5)
            missing_ = 3;
        else
            ++wrong_;
    }

    int missing_ = 0;
    unsigned char least_ = 0x80, most_ = 0xBF;
    std::uint64_t right_ = 0, wrong_ = 0, controls_ = 0;
    bool nul_ = false;
};

struct Mark {
    std::string_view bytes;
    const char* encoding;
};
using namespace std::string_view_literals;
// The longer ones first: that of UTF-32 begins as that of UTF-16 does.
constexpr std::array<Mark, 5> marks = {{{"\xFF\xFE\0\0"sv, "UTF-32LE"},
                                        {"\0\0\xFE\xFF"sv, "UTF-32BE"},
                                        {"\xEF\xBB\xBF"sv, "UTF-8"},
                                        {"\xFF\xFE"sv, "UTF-16LE"},
                                        {"\xFE\xFF"sv, "UTF-16BE"}}};

// Text of western letters has a zero in every other byte. Null: it is no UTF-16.
const char* unmarked_utf16(std::string_view beginning) {
    std::array<std::size_t, 2> zeros{};
    for (std::size_t i = 0; i < beginning.size(); ++i)
        if (beginning[i] == '\0') ++zeros[i % 2];
    const std::size_t most = beginning.size() / 2 * 7 / 10, few = beginning.size() / 100;
    if (zeros[1] > most && zeros[0] <= few) return "UTF-16LE";
    if (zeros[0] > most && zeros[1] <= few) return "UTF-16BE";
    return nullptr;
}

}  // namespace

Decoder::Decoder(const std::string& encoding) : converter_(::iconv_open("UTF-8", encoding.c_str())) {
    if (converter_ == no_converter) invalid("is in the encoding " + encoding + ", which is not known here");
}

Decoder::~Decoder() {
    ::iconv_close(converter_);
}

bool Decoder::knows(const std::string& encoding) {
    const iconv_t converter = ::iconv_open("UTF-8", encoding.c_str());
    if (converter == no_converter) return false;
    ::iconv_close(converter);
    return true;
}

std::string Decoder::decode(std::string_view bytes) {
    std::string all = std::exchange(waiting_, {});
    all += bytes;
    std::string text(all.size() * 4 + 16, '\0');
    char* in = all.data();
    std::size_t left = all.size();
    char* out = text.data();
    std::size_t room = text.size();
    while (left > 0) {
        if (::iconv(converter_, &in, &left, &out, &room) != static_cast<std::size_t>(-1)) break;
        if (errno == EINVAL) {
            waiting_.assign(in, left);
            break;
        }
        const auto used = static_cast<std::size_t>(out - text.data());
        if (errno == E2BIG || room < 3) {
            text.resize(text.size() * 2);
        } else {
            for (const char c : std::string_view("\uFFFD")) *out++ = c, --room;
            ++in, --left;
            continue;
        }
        out = text.data() + used;
        room = text.size() - used;
    }
    text.resize(static_cast<std::size_t>(out - text.data()));
    return text;
}

std::string Decoder::finish() {
    return std::exchange(waiting_, {}).empty() ? "" : "\uFFFD";
}

TextForm form_of(const InputFile& file) {
    constexpr std::size_t beginning_bytes = 4'096;
    const std::string beginning = file.read(0, beginning_bytes);
    for (const Mark& mark : marks)
        if (beginning.starts_with(mark.bytes) && mark.encoding != "UTF-8"sv)
            return {mark.encoding, false, mark.bytes.size()};
    if (const char* encoding = unmarked_utf16(beginning)) return {encoding, false, 0};
    const std::size_t skip = beginning.starts_with("\xEF\xBB\xBF") ? 3 : 0;
    Utf8Check check;
    Blocks blocks(file);
    for (std::string block; blocks.next(block);) {
        check.look_at(block);
        if (check.has_nul() || check.controls() * 50 > file.size() + 50)
            invalid("is not text: it holds binary data");
    }
    if (check.valid()) return {"UTF-8", true, skip};
    if (check.nearly_valid() || skip > 0) return {"UTF-8", false, skip};
    return {guessed_encoding(file), false, 0};
}

TextReader::TextReader(const InputFile& file, const TextForm& form) : blocks_(file, form.skip) {
    if (!form.valid_utf8) decoder_ = std::make_unique<Decoder>(form.encoding);
}

bool TextReader::next(std::string& piece) {
    while (!ended_) {
        std::string block;
        ended_ = !blocks_.next(block);
        if (decoder_) {
            piece = ended_ ? decoder_->finish() : decoder_->decode(block);
        } else {
            piece = std::exchange(waiting_, {}) + block;
            std::size_t end = piece.size();
            while (!ended_ && end > 0 && continues(piece[end - 1])) --end;
            // A first byte without all of its others waits for them.
            if (!ended_ && end > 0 && static_cast<unsigned char>(piece[end - 1]) >= 0xC0) --end;
            waiting_ = piece.substr(end);
            piece.resize(end);
        }
        if (!piece.empty()) return true;
    }
    return false;
}

}  // namespace assistd::extract
