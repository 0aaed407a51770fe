#pragma once
// A line or paragraph of a report, free of any file format: words, numbers with their errors, citations and
// references to tables and figures. Values.

#include <string>
#include <string_view>
#include <vector>

namespace assistd::exporting {

struct Run {
    enum class Kind { text, number, citation, reference };
    enum class Script { none, below, above };
    // How a number is told: that its error is negligible takes words, for which a table's cell has no room.
    // One that was given or counted has no decimals when it is whole: 15, where a measured one would
    // be 15.00.
    enum class Form { sentence, cell, given };

    Kind kind = Kind::text;
    std::string text;  // the words; a citation's key; what is referred to, "table:results"
    bool italic = false;
    Script script = Script::none;
    double value = 0;  // of a number
    double error = 0;  // its uncertainty; 0 for none
    Form form = Form::sentence;
};

class Text {
  public:
    Text() = default;
    // Literals of this plugin only: *italic*, _{subscript}, ^{superscript}, as in plot/label.h.
    Text(const char* markup) { *this << markup; }

    Text& operator<<(const char* markup);
    Text& operator<<(const Text& more);
    // As it is, whatever it holds: for what people and other programs wrote.
    Text& operator<<(const std::string& words);
    Text& operator<<(std::size_t count) { return *this << std::to_string(count); }
    // Rounded to the digits that the error leaves certain; to four significant ones without an error.
    Text& number(double value, double error = 0);
    Text& cell(double value, double error = 0);
    Text& given(double value);
    Text& cite(const std::string& key);
    Text& refer(const std::string& id);

    const std::vector<Run>& runs() const { return runs_; }
    bool empty() const { return runs_.empty(); }

  private:
    std::vector<Run> runs_;
};

// How an error stands beside its number.
enum class ErrorStyle { plus_minus, parentheses };

// "2.4054 ± 0.0073" or "2.4054(73)", with a real minus (assistd/uncertain_number.hpp).
std::string number_text(const Run& number, ErrorStyle style = ErrorStyle::plus_minus);

// How many characters the words take, about.
std::size_t length_of(const Text& text);

// What another program wrote, as one line without control characters, at most `most` bytes of whole
// characters.
std::string one_line(std::string text, std::size_t most = 200);

}  // namespace assistd::exporting
