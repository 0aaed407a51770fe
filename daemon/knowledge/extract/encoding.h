#pragma once
// Text files in whatever encoding, read as UTF-8. One thread.

#include <memory>
#include <string>
#include <string_view>

#include "knowledge/extract/input.h"

namespace assistd::extract {

// Bytes of an encoding become UTF-8; what is none becomes U+FFFD.
class Decoder {
  public:
    // Throws Failure for an encoding that iconv does not know.
    explicit Decoder(const std::string& encoding);
    ~Decoder();
    Decoder(const Decoder&) = delete;
    Decoder& operator=(const Decoder&) = delete;

    static bool knows(const std::string& encoding);
    // Whole characters; the bytes of one that has not come to its end wait for the next call.
    std::string decode(std::string_view bytes);
    std::string finish();  // what was left waiting

  private:
    void* converter_;
    std::string waiting_;
};

struct TextForm {
    std::string encoding;  // as iconv knows it
    bool valid_utf8 = false;
    std::size_t skip = 0;  // the byte order mark
};

// Looks through the whole file. Throws Failure when it is no text.
TextForm form_of(const InputFile& file);

// The file as UTF-8, in pieces of whole characters.
class TextReader {
  public:
    TextReader(const InputFile& file, const TextForm& form);
    bool next(std::string& piece);

  private:
    Blocks blocks_;
    std::unique_ptr<Decoder> decoder_;  // null: it is UTF-8 already
    std::string waiting_;
    bool ended_ = false;
};

}  // namespace assistd::extract
