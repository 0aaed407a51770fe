#include <algorithm>
#include <array>
#include <set>

#include <utility>

#include "knowledge/extract/readers.h"

namespace assistd::extract {
namespace {

constexpr std::size_t most_cell_bytes = 1u << 20;
constexpr std::size_t most_columns = 16'384;

using Row = std::vector<std::string>;

// Fields as RFC 4180 has them, with any separator, and line ends of any kind.
class CsvParser {
  public:
    template <class Take>
    void parse(char separator, std::string_view text, Take take) {
        for (const char c : text) {
            if (c == '\n' && std::exchange(after_return_, false)) continue;
            after_return_ = false;
            if (quoted_) {
                in_quotes(c);
            } else if (c == separator) {
                end_cell();
            } else if (c == '\n' || c == '\r') {
                after_return_ = c == '\r';
                end_row(take);
            } else if (after_quote_ && c == '"') {
                add(c);
                quoted_ = true;
                after_quote_ = false;
            } else if (c == '"' && cell_.empty()) {
                quoted_ = true;
            } else {
                after_quote_ = false;
                add(c);
            }
        }
    }
    template <class Take>
    void finish(Take take) {
        if (quoted_) invalid("is no whole csv file: a quotation mark is never closed");
        if (!cell_.empty() || !row_.empty()) end_row(take);
    }

  private:
    void in_quotes(char c) {
        if (c == '"') {
            quoted_ = false;
            after_quote_ = true;
        } else {
            add(c == '\n' || c == '\r' ? ' ' : c);
        }
    }
    void add(char c) {
        cell_ += c;
        if (cell_.size() > most_cell_bytes)
            invalid("is no csv file that can be read: a cell has more than a million characters");
    }
    void end_cell() {
        after_quote_ = false;
        row_.push_back(std::exchange(cell_, {}));
        if (row_.size() > most_columns) invalid("has more than 16384 columns");
    }
    template <class Take>
    void end_row(Take take) {
        end_cell();
        take(row_);
        row_.clear();
    }

    bool quoted_ = false, after_quote_ = false, after_return_ = false;
    std::string cell_;
    Row row_;
};

// The one that parts the first lines into the most cells, outside of quotation marks.
char separator_of(std::string_view beginning) {
    constexpr std::array<char, 4> separators = {',', ';', '\t', '|'};
    std::array<std::size_t, 4> counts{};
    bool quoted = false;
    int lines = 0;
    for (const char c : beginning) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' && ++lines == 20) break;
        for (std::size_t i = 0; i < separators.size(); ++i) counts[i] += c == separators[i] ? 1 : 0;
    }
    return separators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) -
                                               counts.begin())];
}

bool is_blank(const std::string& cell) {
    return cell.find_first_not_of(" \t") == std::string::npos;
}

bool looks_like_number(const std::string& cell) {
    return !is_blank(cell) && cell.find_first_not_of("0123456789.,+-eE% ") == std::string::npos &&
           cell.find_first_of("0123456789") != std::string::npos;
}

bool names_columns(const Row& row) {
    std::set<std::string> names;
    for (const std::string& cell : row)
        if (is_blank(cell) || looks_like_number(cell) || !names.insert(cell).second) return false;
    return true;
}

class Table {
  public:
    explicit Table(Output& output) : output_(output) {}

    void row(const Row& row) {
        if (std::all_of(row.begin(), row.end(), is_blank)) return;
        if (!std::exchange(begun_, true) && names_columns(row)) {
            names_ = row;
            output_.text("Columns: ");
            for (std::size_t i = 0; i < row.size(); ++i) output_.text((i > 0 ? "; " : "") + row[i]);
            output_.end_paragraph();
            return;
        }
        bool first = true;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (is_blank(row[i])) continue;
            if (!std::exchange(first, false)) output_.text("; ");
            output_.text(i < names_.size() ? names_[i] : "column " + std::to_string(i + 1));
            output_.text(": ");
            output_.text(row[i]);
        }
        output_.end_line();
    }

  private:
    Output& output_;
    Row names_;
    bool begun_ = false;
};

}  // namespace

void read_csv(const InputFile& file, Output& output) {
    TextReader reader(file, form_of(file));
    CsvParser parser;
    Table table(output);
    const auto take = [&](const Row& row) { table.row(row); };
    char separator = '\0';
    for (std::string piece; reader.next(piece);) {
        if (separator == '\0') separator = separator_of(piece);
        parser.parse(separator, piece, take);
    }
    parser.finish(take);
}

}  // namespace assistd::extract
