#include "samples.h"

#include <archive.h>
#include <archive_entry.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace assistd::test {

void write_file(const std::filesystem::path& file, const std::string& bytes) {
    std::ofstream(file, std::ios::binary) << bytes;
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream bytes;
    bytes << stream.rdbuf();
    return bytes.str();
}

std::string zip_of(const std::map<std::string, std::string>& parts, const std::string& password) {
    std::size_t room = 1u << 20;
    for (const auto& [name, bytes] : parts) room += bytes.size();
    std::string zip(room, '\0');
    archive* writer = ::archive_write_new();
    ::archive_write_set_format_zip(writer);
    if (!password.empty()) {
        ::archive_write_set_options(writer, "zip:encryption=aes256");
        ::archive_write_set_passphrase(writer, password.c_str());
    }
    std::size_t used = 0;
    ::archive_write_set_bytes_in_last_block(writer, 1);
    ::archive_write_open_memory(writer, zip.data(), zip.size(), &used);
    for (const auto& [name, bytes] : parts) {
        archive_entry* entry = ::archive_entry_new();
        ::archive_entry_set_pathname(entry, name.c_str());
        ::archive_entry_set_size(entry, static_cast<la_int64_t>(bytes.size()));
        ::archive_entry_set_filetype(entry, AE_IFREG);
        ::archive_entry_set_perm(entry, 0644);
        ::archive_write_header(writer, entry);
        ::archive_write_data(writer, bytes.data(), bytes.size());
        ::archive_entry_free(entry);
    }
    ::archive_write_close(writer);
    ::archive_write_free(writer);
    zip.resize(used);
    return zip;
}

std::string docx_of(const std::string& body, std::map<std::string, std::string> parts) {
    parts.emplace("[Content_Types].xml",
                  "<Types xmlns='http://schemas.openxmlformats.org/package/2006/content-types'>"
                  "<Override PartName='/word/document.xml' ContentType='application/"
                  "vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml'/></Types>");
    parts.emplace("word/document.xml",
                  "<?xml version='1.0'?><w:document xmlns:w='http://schemas.openxmlformats.org/"
                  "wordprocessingml/2006/main'><w:body>" +
                      body + "</w:body></w:document>");
    return zip_of(parts);
}

std::filesystem::path converted(const std::filesystem::path& html, const std::string& to) {
    const std::filesystem::path folder = html.parent_path();
    const std::string ending = to.substr(0, to.find(':'));
    const std::string command = "soffice -env:UserInstallation=file://" + (folder / "profile").string() +
                                " --headless --convert-to '" + to + "' --outdir '" + folder.string() + "' '" +
                                html.string() + "' >/dev/null 2>&1";
    const bool ran = std::system(command.c_str()) == 0;
    std::filesystem::path made = folder / html.stem();
    made += "." + ending;
    if (!ran || !std::filesystem::exists(made)) throw std::runtime_error("LibreOffice made no " + ending);
    return made;
}

}  // namespace assistd::test
