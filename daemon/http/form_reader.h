#pragma once
// Collects a form while it arrives: fields in memory, its one file in an unnamed file on the disk. Used under
// its connection's lock.

#include <string>
#include <string_view>

#include "http/form.h"
#include "http/multipart.h"
#include "http/unnamed_file.h"

namespace assistd::http {

class FormReader {
  public:
    // `file_field` is the one field that may be a file. Throws Error{invalid_request} for a Content-Type that
    // is no form's.
    FormReader(std::string_view content_type, std::string file_field, std::string upload_folder);

    // Throws Error: invalid_request, with the field that is wrong; unavailable when the disk is full.
    void take(std::string_view bytes);
    // When the body has ended. Throws Error{invalid_request} when the form has not.
    Form finish();

  private:
    void begin_part();
    void store(std::string_view data);
    void end_part();

    MultipartDecoder decoder_;
    const std::string file_field_;
    const std::string upload_folder_;
    Form form_;
    UnnamedFile file_;
    bool in_file_ = false;
    std::size_t text_bytes_ = 0;  // of all fields so far
    std::string text_;            // of the field that is being read
};

}  // namespace assistd::http
