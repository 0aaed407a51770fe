#include "http/form_reader.h"

#include <algorithm>

#include "base/error.h"
#include "http/percent.h"

namespace assistd::http {
namespace {

constexpr std::size_t max_text_bytes = 256 * 1024;
constexpr std::size_t max_name = 200;

[[noreturn]] void refuse(const std::string& field, const std::string& sentence) {
    throw Error(ErrorCode::invalid_request, sentence, {{field, sentence}});
}

}  // namespace

FormReader::FormReader(std::string_view content_type, std::string file_field, std::string upload_folder)
    : decoder_(content_type), file_field_(std::move(file_field)), upload_folder_(std::move(upload_folder)) {}

void FormReader::take(std::string_view bytes) {
    decoder_.add(bytes);
    for (;;) switch (decoder_.next()) {
            case MultipartDecoder::Event::more:
                return;
            case MultipartDecoder::Event::part:
                begin_part();
                break;
            case MultipartDecoder::Event::data:
                store(decoder_.data());
                break;
            case MultipartDecoder::Event::part_end:
                end_part();
                break;
        }
}

void FormReader::begin_part() {
    const PartHead& part = decoder_.part();
    if (!is_utf8(part.name) || part.name.size() > max_name)
        throw Error(ErrorCode::invalid_request, "A field of the form has a name that is longer than " +
                                                    std::to_string(max_name) + " bytes, or no UTF-8.");
    const bool is_known = std::any_of(form_.fields.begin(), form_.fields.end(),
                                      [&](const auto& field) { return field.first == part.name; });
    if (is_known || (form_.file && form_.file->field == part.name))
        refuse(part.name, "The form has the field \"" + part.name + "\" twice.");
    in_file_ = part.filename.has_value();
    if (!in_file_) return text_.clear();
    if (part.name != file_field_)
        refuse(part.name, "The field \"" + part.name +
                              "\" of the form must be a text; the field for a file is \"" + file_field_ +
                              "\".");
    file_ = UnnamedFile(upload_folder_);
    form_.file = FormFile{part.name, *part.filename, part.content_type, UniqueFd(), 0};
}

void FormReader::store(std::string_view data) {
    if (in_file_) return file_.append(data);
    text_bytes_ += data.size();
    if (text_bytes_ > max_text_bytes)
        refuse(decoder_.part().name, "The fields of the form, without its file, have more than " +
                                         std::to_string(max_text_bytes) + " bytes.");
    text_.append(data);
}

void FormReader::end_part() {
    if (in_file_) {
        form_.file->size = file_.size();
        form_.file->content = file_.take();
        return;
    }
    const std::string& name = decoder_.part().name;
    if (!is_utf8(text_)) refuse(name, "The field \"" + name + "\" of the form is no UTF-8 text.");
    form_.fields.emplace_back(name, std::move(text_));
}

Form FormReader::finish() {
    if (!decoder_.complete())
        throw Error(
            ErrorCode::invalid_request,
            "The form has no end: behind its last part the boundary must stand with two hyphens before "
            "and two behind it.");
    return std::move(form_);
}

}  // namespace assistd::http
