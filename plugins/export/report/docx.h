#pragma once
// Reports as Office Open XML (ECMA-376) for Word and LibreOffice: headings, paragraphs, lists, tables with
// captions, figures as PNG, references. Pure functions.

#include <string>
#include <vector>

#include "report/document.h"
#include "report/zip.h"

namespace assistd::exporting {

// The parts of the package, in the order in which they belong into the archive.
std::vector<ZipFile> docx_files(const Document& document);

}  // namespace assistd::exporting
