#pragma once
// RTF (Microsoft's specification 1.9.1) cut into its tokens. One thread.

#include <optional>
#include <string>

#include "knowledge/extract/input.h"

namespace assistd::extract {

struct RtfToken {
    enum class Kind { open, close, word, byte, star, end };
    Kind kind = Kind::end;
    std::string word;           // "par"; of symbols the symbol: "~"
    std::optional<int> number;  // behind the word
    char byte = 0;              // of plain text, or told as \'hh
    bool escaped = false;       // it was \'hh
};

class RtfTokens {
  public:
    explicit RtfTokens(const InputFile& file) : blocks_(file) {}

    RtfToken next();
    void skip(std::size_t bytes);  // raw, behind \bin

  private:
    int get();  // -1: the end
    void put_back() { --at_; }
    RtfToken control();
    RtfToken hexadecimal();

    Blocks blocks_;
    std::string block_;
    std::size_t at_ = 0;
};

}  // namespace assistd::extract
