#include "tools/plugins/elf_file.h"

#include <fcntl.h>

#include <algorithm>

#include "base/unique_fd.h"
#include "support/folders.h"

namespace assistd::tools {
namespace {

const std::filesystem::path echo = test::build_folder() / "test-plugins/test_echo_plugin.so";

TEST(ElfFile, TellsWhatALibraryGivesAndWants) {
    const UniqueFd file(::open(echo.c_str(), O_RDONLY));
    const ElfFile elf(file.get());
    std::vector<std::string> given, wanted;
    for (const ElfFile::Symbol& symbol : elf.symbols())
        (symbol.defined ? given : wanted).push_back(symbol.name);
    EXPECT_EQ(given, std::vector<std::string>{"assistd_plugin_entry"});
    EXPECT_THAT(wanted, testing::Contains("memcpy"));
    EXPECT_TRUE(elf.exports("assistd_plugin_entry"));
    EXPECT_FALSE(elf.exports("memcpy"));
}

TEST(ElfFile, TellsWhichLibrariesItNeeds) {
    const UniqueFd file(::open(echo.c_str(), O_RDONLY));
    const ElfFile::Needs needs = ElfFile(file.get()).needs();
    EXPECT_THAT(needs.libraries, testing::Contains("libc.so.6"));
    EXPECT_EQ(needs.search_path, "");
}

}  // namespace
}  // namespace assistd::tools
