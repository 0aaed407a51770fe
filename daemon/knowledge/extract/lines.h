#pragma once
// A text file line by line. One thread.

#include <string>
#include <utility>

#include "knowledge/extract/encoding.h"

namespace assistd::extract {

// Whole lines, of which none is longer than the memory has room for.
class Lines {
  public:
    static constexpr std::size_t most_bytes = 1u << 20;

    Lines(const InputFile& file, const TextForm& form) : reader_(file, form) {}

    // With its end; a very long line comes in pieces.
    bool next(std::string& line) {
        for (;;) {
            const std::size_t end = text_.find('\n', at_);
            if (end != std::string::npos || text_.size() - at_ > most_bytes) {
                const std::size_t size = end == std::string::npos ? text_.size() - at_ : end + 1 - at_;
                line.assign(text_, at_, size);
                at_ += size;
                return true;
            }
            text_.erase(0, at_);
            at_ = 0;
            std::string piece;
            if (!reader_.next(piece)) break;
            text_ += piece;
        }
        line = std::exchange(text_, {});
        return !line.empty();
    }

  private:
    TextReader reader_;
    std::string text_;
    std::size_t at_ = 0;
};

}  // namespace assistd::extract
