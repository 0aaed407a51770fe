#pragma once
// Reads the manifest that stands in a plugin's library, for tests of plugins. The file is trusted: it is
// one's own.

#include <elf.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <vector>

namespace assistd::testing {

inline std::string read_manifest_section(const std::string& library) {
    std::ifstream stream(library, std::ios::binary);
    const std::string file(std::istreambuf_iterator<char>(stream), {});
    const auto read = [&](std::uint64_t offset, void* to, std::size_t size) {
        if (offset > file.size() || size > file.size() - offset)
            throw std::runtime_error(library + " is no shared library.");
        std::memcpy(to, file.data() + offset, size);
    };
    Elf64_Ehdr header;
    read(0, &header, sizeof header);
    std::vector<Elf64_Shdr> sections(header.e_shnum);
    for (std::size_t i = 0; i < sections.size(); ++i)
        read(header.e_shoff + i * header.e_shentsize, &sections[i], sizeof sections[i]);
    for (const Elf64_Shdr& section : sections) {
        const std::uint64_t name = sections.at(header.e_shstrndx).sh_offset + section.sh_name;
        if (name >= file.size() || std::strcmp(file.c_str() + name, ".assistd.manifest") != 0) continue;
        std::string manifest(section.sh_size, '\0');
        read(section.sh_offset, manifest.data(), manifest.size());
        return manifest;
    }
    throw std::runtime_error(library + " has no manifest; assistd_add_plugin puts it in.");
}

}  // namespace assistd::testing
