#pragma once
// One reader per kind of document. Each reads the file as a stream and writes its text; a file that it cannot
// make sense of is a Failure, whatever is in it. One thread.

#include "knowledge/extract/encoding.h"
#include "knowledge/extract/input.h"
#include "knowledge/extract/output.h"

namespace assistd::extract {

void read_plain(const InputFile& file, Output& output);
void read_markdown(const InputFile& file, Output& output);  // as it is written; its headings make sections
void read_csv(const InputFile& file, Output& output);       // a row is a line, "name: Ada; born: 1815"
void read_json(const InputFile& file, Output& output);      // a value is a line, "people[0].name: Ada"
void read_html(const InputFile& file, Output& output);      // what a browser would show
void read_docx(const InputFile& file, Output& output);
void read_rtf(const InputFile& file, Output& output);

}  // namespace assistd::extract
