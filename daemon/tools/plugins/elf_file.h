#pragma once
// Reads sections, names and needs of an ELF shared library without mapping it or running any of its code.
// The file may be hostile: every offset and size is checked against the file's end and a bound. Any thread.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::tools {

class ElfFile {
  public:
    // Reads the headers from `fd`, which must stay open. Throws Error{validation}; its message is the end of
    // a sentence that begins with the file's name ("is not a shared library.").
    explicit ElfFile(int fd);

    // The content of the section of that name; none when there is none. Throws when it is larger than
    // `limit`.
    std::optional<std::string> section(std::string_view name, std::size_t limit) const;
    // Whether the library defines this symbol, a function, for others.
    bool exports(std::string_view symbol) const;

    // A name that the library gives to others (defined) or wants of them.
    struct Symbol {
        std::string name;
        bool defined = false;
        bool weak = false;
        bool function = false;
    };
    std::vector<Symbol> symbols() const;

    struct Needs {
        std::vector<std::string> libraries;  // "libm.so.6"
        std::string search_path;             // its own, with colons; mostly empty
    };
    Needs needs() const;

  private:
    struct Section {
        std::string name;
        std::uint32_t type = 0;
        std::uint32_t link = 0;
        std::uint64_t offset = 0;
        std::uint64_t size = 0;
    };

    std::string read(std::uint64_t offset, std::uint64_t size, std::uint64_t limit) const;
    const Section* of_type(std::uint32_t type) const;
    std::string texts_of(const Section& section) const;  // the names that it refers to

    int fd_;
    std::uint64_t file_size_ = 0;
    std::vector<Section> sections_;
};

}  // namespace assistd::tools
