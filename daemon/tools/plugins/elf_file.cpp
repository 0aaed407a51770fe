#include "tools/plugins/elf_file.h"

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/error.h"

namespace assistd::tools {
namespace {

constexpr std::uint64_t max_names_bytes = 1u << 20;
constexpr std::uint64_t max_symbols_bytes = 16u << 20;
constexpr std::size_t max_dynamic_entries = 10'000;
constexpr std::size_t max_path_bytes = 4'096;

#if defined(__x86_64__)
constexpr Elf64_Half our_machine = EM_X86_64;
#elif defined(__aarch64__)
constexpr Elf64_Half our_machine = EM_AARCH64;
#else
#error "Name this processor's ELF machine."
#endif

[[noreturn]] void refuse(const std::string& why) {
    throw Error(ErrorCode::validation, why + ".");
}

template <class T>
T at(const std::string& bytes, std::size_t index) {
    T value;
    std::memcpy(&value, bytes.data() + index * sizeof(T), sizeof(T));
    return value;
}

// The terminated text at `offset`; empty when it lies outside or has no end.
std::string_view text_at(std::string_view names, std::uint64_t offset) {
    if (offset >= names.size()) return {};
    const std::string_view rest = names.substr(offset);
    const auto end = rest.find('\0');
    return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

}  // namespace

std::string ElfFile::read(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) const {
    if (size > limit)
        refuse("has a section of " + std::to_string(size) + " bytes where at most " + std::to_string(limit) +
               " are allowed");
    if (offset > file_size_ || size > file_size_ - offset)
        refuse("is damaged: a part of it lies behind its end; copy it again, or build it again");
    std::string bytes(size, '\0');
    for (std::size_t done = 0; done < size;) {
        const ssize_t got = ::pread(fd_, bytes.data() + done, size - done, static_cast<off_t>(offset + done));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) refuse("cannot be read");
        done += static_cast<std::size_t>(got);
    }
    return bytes;
}

ElfFile::ElfFile(int fd) : fd_(fd) {
    struct stat state {};
    if (::fstat(fd, &state) != 0 || !S_ISREG(state.st_mode)) refuse("is not a regular file");
    file_size_ = static_cast<std::uint64_t>(state.st_size);
    if (file_size_ < sizeof(Elf64_Ehdr)) refuse("is not a shared library: it is too short");
    const auto header = at<Elf64_Ehdr>(read(0, sizeof(Elf64_Ehdr), sizeof(Elf64_Ehdr)), 0);
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) refuse("is not a shared library (no ELF file)");
    if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB)
        refuse("is a library for another kind of processor (not 64-bit little-endian)");
    if (header.e_machine != our_machine)
        refuse("is a library for another kind of processor (ELF machine " + std::to_string(header.e_machine) +
               ", this one is " + std::to_string(our_machine) + ")");
    if (header.e_type != ET_DYN) refuse("is an ELF file, but not a shared library");
    if (header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shnum == 0 ||
        header.e_shstrndx >= header.e_shnum)
        refuse("has no section table, so its manifest cannot be found");

    const std::uint64_t table_size = std::uint64_t{header.e_shnum} * sizeof(Elf64_Shdr);
    const std::string table = read(header.e_shoff, table_size, table_size);
    const auto names_header = at<Elf64_Shdr>(table, header.e_shstrndx);
    const std::string names = read(names_header.sh_offset, names_header.sh_size, max_names_bytes);
    for (std::size_t i = 0; i < header.e_shnum; ++i) {
        const auto section = at<Elf64_Shdr>(table, i);
        sections_.push_back({std::string(text_at(names, section.sh_name)), section.sh_type, section.sh_link,
                             section.sh_offset, section.sh_size});
    }
}

std::optional<std::string> ElfFile::section(std::string_view name, std::size_t limit) const {
    const auto found = std::ranges::find(sections_, name, &Section::name);
    if (found == sections_.end() || found->type == SHT_NOBITS) return std::nullopt;
    return read(found->offset, found->size, limit);
}

const ElfFile::Section* ElfFile::of_type(std::uint32_t type) const {
    const auto found = std::ranges::find(sections_, type, &Section::type);
    return found == sections_.end() || found->link >= sections_.size() ? nullptr : &*found;
}

std::string ElfFile::texts_of(const Section& section) const {
    const Section& names = sections_[section.link];
    return read(names.offset, names.size, max_symbols_bytes);
}

std::vector<ElfFile::Symbol> ElfFile::symbols() const {
    const Section* table = of_type(SHT_DYNSYM);
    if (!table) return {};
    const std::string names = texts_of(*table);
    const std::string entries = read(table->offset, table->size, max_symbols_bytes);
    std::vector<Symbol> found;
    std::size_t bytes = 0;
    for (std::size_t i = 0; i < entries.size() / sizeof(Elf64_Sym); ++i) {
        const auto entry = at<Elf64_Sym>(entries, i);
        const auto binding = ELF64_ST_BIND(entry.st_info);
        const std::string_view name = text_at(names, entry.st_name);
        if (binding == STB_LOCAL || name.empty()) continue;
        // Symbols may share their names' bytes, so that a small file could have any amount of them.
        bytes += sizeof(Symbol) + name.size();
        if (bytes > max_symbols_bytes) refuse("has more symbols than can be looked at");
        found.push_back({std::string(name), entry.st_shndx != SHN_UNDEF, binding == STB_WEAK,
                         ELF64_ST_TYPE(entry.st_info) == STT_FUNC});
    }
    return found;
}

bool ElfFile::exports(std::string_view symbol) const {
    return std::ranges::any_of(symbols(), [&](const Symbol& candidate) {
        return candidate.defined && candidate.function && candidate.name == symbol;
    });
}

ElfFile::Needs ElfFile::needs() const {
    const Section* table = of_type(SHT_DYNAMIC);
    if (!table) return {};
    const std::string names = texts_of(*table);
    const std::string entries = read(table->offset, table->size, max_symbols_bytes);
    Needs needs;
    const std::size_t count = std::min(entries.size() / sizeof(Elf64_Dyn), max_dynamic_entries);
    for (std::size_t i = 0; i < count; ++i) {
        const auto entry = at<Elf64_Dyn>(entries, i);
        if (entry.d_tag == DT_NULL) break;
        const std::string text(text_at(names, entry.d_un.d_val).substr(0, max_path_bytes));
        if (entry.d_tag == DT_NEEDED) needs.libraries.push_back(text);
        if (entry.d_tag == DT_RUNPATH || (entry.d_tag == DT_RPATH && needs.search_path.empty()))
            needs.search_path = text;
    }
    return needs;
}

}  // namespace assistd::tools
