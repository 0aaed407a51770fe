#pragma once
// Documents for tests, made by the programs and libraries that people make them with.

#include <filesystem>
#include <map>
#include <string>

namespace assistd::test {

void write_file(const std::filesystem::path& file, const std::string& bytes);
std::string bytes_of(const std::filesystem::path& file);

// A zip archive; with a password, encrypted by it.
std::string zip_of(const std::map<std::string, std::string>& parts, const std::string& password = {});
// A Word document with this body (what is within w:body) and these other parts.
std::string docx_of(const std::string& body, std::map<std::string, std::string> parts = {});

// What LibreOffice makes of an HTML page: "docx", "rtf", "pdf", or a filter with its options. Throws
// std::runtime_error when it makes nothing.
std::filesystem::path converted(const std::filesystem::path& html, const std::string& to);

}  // namespace assistd::test
