#include "http/multipart.h"

#include <algorithm>

#include "base/error.h"
#include "http/header_parameters.h"
#include "http/part_head.h"
#include "http/text.h"

namespace assistd::http {
namespace {

constexpr std::size_t max_boundary = 70;  // RFC 2046, 5.1.1
constexpr std::size_t max_padding = 64;   // blanks behind a boundary, which some gateways add
constexpr std::size_t max_part_head = 8 * 1024;
constexpr int max_parts = 64;

Error bad(const std::string& sentence) {
    return Error(ErrorCode::invalid_request, sentence);
}

std::string boundary_of(std::string_view content_type) {
    const auto type = parse_parameters(content_type);
    if (!is_form_type(content_type))
        throw bad("The body must be a form: its Content-Type is multipart/form-data with a boundary.");
    const std::string* boundary = type->find("boundary");
    const auto is_fit = [](unsigned char c) {
        return is_token_char(c) || std::string_view("(),/:=? ").find(static_cast<char>(c)) < 8;
    };
    if (boundary == nullptr || boundary->empty() || boundary->size() > max_boundary ||
        boundary->back() == ' ' || !std::all_of(boundary->begin(), boundary->end(), is_fit))
        throw bad("The form's Content-Type needs a boundary of 1 to 70 letters, digits and signs.");
    return *boundary;
}

}  // namespace

bool is_form_type(std::string_view content_type) {
    const auto type = parse_parameters(content_type);
    return type && type->value == "multipart/form-data";
}

MultipartDecoder::MultipartDecoder(std::string_view content_type)
    : delimiter_("\r\n--" + boundary_of(content_type)) {}

void MultipartDecoder::add(std::string_view bytes) {
    input_.erase(0, used_);
    used_ = 0;
    input_.append(bytes);
}

MultipartDecoder::Event MultipartDecoder::next() {
    if (step_ == Step::head) return read_head();
    if (step_ != Step::epilogue) return read_content();
    used_ = input_.size();
    return Event::more;
}

void MultipartDecoder::take(std::size_t count) {
    const std::size_t lead = std::min(lead_, count);
    data_ = std::string_view(input_).substr(used_ + lead, count - lead);
    lead_ -= lead;
    used_ += count;
}

// What stands behind a boundary decides whether it is one: a longer line that begins like it is content.
MultipartDecoder::Follows MultipartDecoder::what_follows(std::string_view after) {
    if (after.starts_with("--")) return Follows::end;
    const std::size_t line_end = after.find_first_not_of(" \t");
    if (line_end == std::string_view::npos && after.size() <= max_padding) return Follows::unknown;
    if (line_end == std::string_view::npos) return Follows::text;
    after.remove_prefix(line_end);
    if (after.starts_with("\r\n")) return Follows::next_part;
    return after == "\r" || (line_end == 0 && after == "-") ? Follows::unknown : Follows::text;
}

MultipartDecoder::Event MultipartDecoder::read_content() {
    for (;;) {
        const std::string_view rest = std::string_view(input_).substr(used_);
        const std::size_t at = rest.find(delimiter_);
        const bool found = at != std::string_view::npos;
        // Without one, the last bytes may still become one.
        std::size_t content = found ? at : rest.size() - std::min(rest.size(), delimiter_.size() - 1);
        const Follows follows = at == 0 ? what_follows(rest.substr(delimiter_.size())) : Follows::text;
        if (follows == Follows::unknown || (!found && content == 0)) return Event::more;
        if (follows == Follows::next_part) {
            take(rest.find("\r\n", delimiter_.size()));
            return begin_step(Step::head);
        }
        if (follows == Follows::end) {
            take(rest.size());
            return begin_step(Step::epilogue);
        }
        if (at == 0) content = 2;  // only its line end can belong to no later delimiter
        take(content);
        if (step_ == Step::content && !data_.empty()) return Event::data;
    }
}

MultipartDecoder::Event MultipartDecoder::begin_step(Step step) {
    const bool had_part = step_ == Step::content;
    step_ = step;
    return had_part ? Event::part_end : next();
}

// The head of a part, from the end of the boundary's line to the empty line. The end of the latter is left: a
// part without content may have its delimiter right there.
MultipartDecoder::Event MultipartDecoder::read_head() {
    const std::string_view rest = std::string_view(input_).substr(used_);
    const std::size_t end = rest.find("\r\n\r\n");
    if (std::min(end, rest.size()) > max_part_head + 2)
        throw bad("The head of a part of the form is longer than " + std::to_string(max_part_head) +
                  " bytes.");
    if (end == std::string_view::npos) return Event::more;
    if (++parts_ > max_parts) throw bad("The form has more than " + std::to_string(max_parts) + " parts.");
    part_ = parse_part_head(end == 0 ? std::string_view() : rest.substr(2, end - 2));
    used_ += end + 2;
    lead_ = 2;
    step_ = Step::content;
    return Event::part;
}

}  // namespace assistd::http
