#pragma once
// What a file is: by its content, and by its name where the content does not tell. Pure but for reading.

#include <string>

#include "knowledge/extract/input.h"

namespace assistd::extract {

enum class Kind { pdf, docx, html, rtf, markdown, plain, csv, json };

// A zip archive is taken for a docx: only its contents tell. Throws Failure for an empty file, for one of a
// kind that is not read, by its name, and for one that is not what its name says.
Kind kind_of(const InputFile& file, const std::string& name);

}  // namespace assistd::extract
