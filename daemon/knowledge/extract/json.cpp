#include <nlohmann/json.hpp>

#include "knowledge/extract/lines.h"
#include "knowledge/extract/readers.h"

namespace assistd::extract {
namespace {

using Json = nlohmann::json;

constexpr std::size_t deepest = 500;

// The file's characters, one at a time, as nlohmann's parser wants them.
class Characters {
  public:
    using value_type = char;
    using difference_type = std::ptrdiff_t;
    using pointer = const char*;
    using reference = const char&;
    using iterator_category = std::input_iterator_tag;

    Characters() = default;
    explicit Characters(TextReader& reader) : reader_(&reader) { fill(); }

    const char& operator*() const { return (*piece_)[at_]; }
    Characters& operator++() {
        if (++at_ == piece_->size()) fill();
        return *this;
    }
    Characters operator++(int) {
        Characters before = *this;
        ++*this;
        return before;
    }
    friend bool operator==(const Characters& a, const Characters& b) { return a.reader_ == b.reader_; }
    friend bool operator!=(const Characters& a, const Characters& b) { return !(a == b); }

  private:
    void fill() {
        at_ = 0;
        if (!reader_->next(*piece_)) reader_ = nullptr;
    }

    TextReader* reader_ = nullptr;
    std::shared_ptr<std::string> piece_ = std::make_shared<std::string>();
    std::size_t at_ = 0;
};

// Writes each value with the way to it.
class Values : public nlohmann::json_sax<Json> {
  public:
    explicit Values(Output& output) : output_(output) {}

    // What follows are the members of one list, a line each, which stand in the file by themselves.
    void begin_lines() { levels_.push_back({true, 0, {}}); }
    void begin_line(std::size_t line) { line_ = line; }

    bool null() override { return value("null"); }
    bool boolean(bool is) override { return value(is ? "true" : "false"); }
    bool number_integer(number_integer_t number) override { return value(std::to_string(number)); }
    bool number_unsigned(number_unsigned_t number) override { return value(std::to_string(number)); }
    bool number_float(number_float_t, const string_t& as_written) override { return value(as_written); }
    bool string(string_t& text) override { return value(text); }
    bool binary(binary_t&) override { return true; }

    bool start_object(std::size_t) override { return open({false, 0, {}}); }
    bool key(string_t& name) override {
        levels_.back().name = name;
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open({true, 0, {}}); }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        const std::string place = line_ > 0 ? " of line " + std::to_string(line_) : "";
        invalid("is no JSON: it cannot be read from character " + std::to_string(position) + place + " on");
    }

  private:
    struct Level {
        bool is_list;
        std::size_t number;
        std::string name;
    };

    bool value(const std::string& text) {
        std::string way;
        for (const Level& level : levels_) {
            if (level.is_list)
                way += '[' + std::to_string(level.number) + ']';
            else
                way += (way.empty() ? "" : ".") + level.name;
        }
        if (!way.empty()) output_.text(way + ": ");
        output_.text(text);
        output_.end_line();
        return next();
    }
    bool open(Level level) {
        if (levels_.size() >= deepest)
            invalid("is nested deeper than the " + std::to_string(deepest) + " levels that are read");
        levels_.push_back(std::move(level));
        return true;
    }
    // An object of a list is like a record: an empty line parts it from the next.
    bool close() {
        const bool record =
            !levels_.back().is_list && levels_.size() > 1 && levels_[levels_.size() - 2].is_list;
        levels_.pop_back();
        if (record) output_.end_paragraph();
        return next();
    }
    bool next() {
        if (!levels_.empty() && levels_.back().is_list) ++levels_.back().number;
        return true;
    }

    Output& output_;
    std::vector<Level> levels_;
    std::size_t line_ = 0;  // from 1; 0: the file is one value
};

bool is_blank(const std::string& line) {
    return line.find_first_not_of(" \t\r\n") == std::string::npos;
}

// Values that stand in lines of their own: a first line that is JSON with something behind it, which no file
// is that holds one value.
bool has_values_in_lines(const InputFile& file, const TextForm& form) {
    Lines lines(file, form);
    std::string line;
    while (lines.next(line) && is_blank(line)) continue;
    if (!line.ends_with('\n') || !Json::accept(line)) return false;
    while (lines.next(line))
        if (!is_blank(line)) return true;
    return false;
}

void read_lines(const InputFile& file, const TextForm& form, Values& values) {
    Lines lines(file, form);
    std::string line;
    values.begin_lines();
    for (std::size_t number = 1; lines.next(line); ++number) {
        if (is_blank(line)) continue;
        if (line.size() >= Lines::most_bytes && !line.ends_with('\n'))
            invalid("is JSON in lines, of which line " + std::to_string(number) + " is longer than the " +
                    std::to_string(Lines::most_bytes >> 20) + " MiB that one may have");
        values.begin_line(number);
        Json::sax_parse(line, &values);
    }
}

}  // namespace

void read_json(const InputFile& file, Output& output) {
    const TextForm form = form_of(file);
    Values values(output);
    if (has_values_in_lines(file, form)) return read_lines(file, form, values);
    TextReader reader(file, form);
    Json::sax_parse(Characters(reader), Characters(), &values);
}

}  // namespace assistd::extract
