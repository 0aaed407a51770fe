#pragma once
// A terminal's screen as far as assistctl uses it: text of any width, \r, \n, cursor up, erasing, colours
// (which leave no trace). Lines that leave it at the top are kept, as terminals do.

#include <algorithm>
#include <string>
#include <vector>

#include "cli/characters.h"

namespace assistd::cli {

class Screen {
  public:
    explicit Screen(std::size_t columns = 80, std::size_t rows = 24) : columns_(columns), rows_(rows) {}

    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            if (bytes.starts_with("\x1b[")) {
                const std::size_t end = bytes.find_first_not_of("0123456789;?", 2);
                escape(bytes.substr(2, end - 2), bytes[end]);
                bytes.remove_prefix(end + 1);
                continue;
            }
            const std::size_t end = std::min(bytes.find('\x1b'), bytes.size());
            for (const Character& character : characters(bytes.substr(0, end))) put(character);
            bytes.remove_prefix(end);
        }
    }

    // All that was ever shown, without blanks at the ends of lines.
    std::string text() const {
        std::string all;
        for (const auto& line : lines_) {
            std::string shown;
            for (const std::string& cell : line) shown += cell;
            const std::size_t end = shown.find_last_not_of(' ');
            shown.resize(end == std::string::npos ? 0 : end + 1);
            all += shown + "\n";
        }
        while (all.ends_with("\n\n")) all.pop_back();
        return all == "\n" ? "" : all;
    }
    std::size_t column() const { return column_; }

  private:
    void put(const Character& character) {
        if (character.bytes == "\r") {
            column_ = 0;
        } else if (character.bytes == "\n") {
            ++row_;
            column_ = 0;  // terminals do that for programs
        } else {
            if (column_ + character.columns > columns_) {
                ++row_;
                column_ = 0;
            }
            auto& line = line_here();
            line.resize(std::max(line.size(), column_ + character.columns), " ");
            line[column_] = std::string(character.bytes);
            for (std::size_t i = 1; i < character.columns; ++i) line[column_ + i] = "";
            column_ += character.columns;
        }
        line_here();
    }
    void escape(std::string_view number, char what) {
        const std::size_t count = number.empty() ? 1 : std::stoul("0" + std::string(number));
        if (what == 'A') {
            const std::size_t top = lines_.size() > rows_ ? lines_.size() - rows_ : 0;
            row_ = std::max(top, row_ - std::min(row_, count));
        }
        if (what == 'K' || what == 'J') line_here().resize(std::min(line_here().size(), column_));
        if (what == 'J') lines_.resize(row_ + 1);
    }
    std::vector<std::string>& line_here() {
        if (lines_.size() <= row_) lines_.resize(row_ + 1);
        return lines_[row_];
    }

    std::size_t columns_;
    std::size_t rows_;
    std::vector<std::vector<std::string>> lines_;
    std::size_t row_ = 0;
    std::size_t column_ = 0;
};

}  // namespace assistd::cli
