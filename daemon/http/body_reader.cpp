#include "http/body_reader.h"

#include <algorithm>

#include "base/error.h"

namespace assistd::http {

Error body_too_large(std::int64_t limit) {
    return Error(ErrorCode::payload_too_large,
                 "The body is larger than the " + std::to_string(limit) + " bytes that are allowed here.");
}

BodyReader::BodyReader(const BodyFrame& frame, const RouteOptions& options, const std::string& upload_folder,
                       std::string_view content_type)
    : chunked_(frame.chunked), expected_(frame.content_length), limit_(options.max_body) {
    const bool may_be_form = !options.form_file.empty();
    if (may_be_form && (!options.body_to_file || is_form_type(content_type)))
        form_reader_ = std::make_unique<FormReader>(content_type, options.form_file, upload_folder);
    else if (options.body_to_file)
        file_ = UnnamedFile(upload_folder);
    // A claimed length is not yet a reason to set much memory aside.
    else
        text_.reserve(static_cast<std::size_t>(std::min<std::int64_t>(expected_, 64 * 1024)));
}

void BodyReader::take(std::string_view& bytes) {
    if (!chunked_) {
        const auto count =
            std::min<std::uint64_t>(bytes.size(), static_cast<std::uint64_t>(expected_ - received_));
        store(bytes.substr(0, count));
        bytes.remove_prefix(count);
        return;
    }
    while (!bytes.empty() && !decoder_.done()) store(decoder_.take(bytes));
}

void BodyReader::store(std::string_view data) {
    received_ += static_cast<std::int64_t>(data.size());
    if (received_ > limit_) throw body_too_large(limit_);
    if (form_reader_) return form_reader_->take(data);
    if (file_) return file_.append(data);
    text_.append(data);
}

void BodyReader::finish() {
    if (form_reader_) form_ = form_reader_->finish();
}

}  // namespace assistd::http
