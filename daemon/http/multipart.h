#pragma once
// Takes a multipart/form-data body (RFC 7578) apart while it arrives, in pieces of any size; it never holds
// more than a piece and the head of a part. Used by one thread at a time.

#include <optional>
#include <string>
#include <string_view>

namespace assistd::http {

bool is_form_type(std::string_view content_type);

// What a part says of itself.
struct PartHead {
    std::string name;
    std::optional<std::string> filename;  // as it was meant: without the escapes that browsers make
    std::string content_type;             // empty: not said
};

class MultipartDecoder {
  public:
    // Takes the boundary from the request's Content-Type. Throws Error{invalid_request} when it is no
    // multipart/form-data or has none.
    explicit MultipartDecoder(std::string_view content_type);

    enum class Event {
        more,      // all that has arrived is used up
        part,      // a part begins: part()
        data,      // a piece of its content: data()
        part_end,  // the part is complete
    };
    // Call add() with what has arrived, then next() until it says `more`. Throws Error{invalid_request}.
    void add(std::string_view bytes);
    Event next();

    const PartHead& part() const { return part_; }
    std::string_view data() const { return data_; }  // until the next call of add() or next()
    bool complete() const { return step_ == Step::epilogue; }

  private:
    enum class Step { preamble, head, content, epilogue };
    enum class Follows { unknown, next_part, end, text };

    Event read_content();
    Event read_head();
    Event begin_step(Step step);
    void take(std::size_t count);
    static Follows what_follows(std::string_view after);

    std::string delimiter_;       // with the line end before it, which belongs to it
    std::string input_ = "\r\n";  // the first delimiter has no line before it
    std::size_t used_ = 0;        // so much of the input
    // So much at the front of the unused input is a line end that was not sent as content, but may be the
    // beginning of a delimiter.
    std::size_t lead_ = 2;
    Step step_ = Step::preamble;
    int parts_ = 0;
    PartHead part_;
    std::string_view data_;
};

}  // namespace assistd::http
