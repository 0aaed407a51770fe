// Files that were made by changing a real plugin: whatever stands in them, reading one ends in a plugin or a
// sentence. The changes are the same in every run.

#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <random>

#include "base/error.h"
#include "base/unique_fd.h"
#include "support/folders.h"
#include "tools/plugins/elf_file.h"
#include "tools/plugins/manifest.h"

namespace assistd::tools {
namespace {

std::string real_plugin() {
    std::ifstream file(test::build_folder() / "test-plugins/test_echo_plugin.so", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

enum class Outcome { plugin, refused };

Outcome read(const std::string& bytes) {
    const UniqueFd file(::memfd_create("plugin", MFD_CLOEXEC));
    EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
    try {
        const ElfFile elf(file.get());
        const auto text = elf.section(".assistd.manifest", max_manifest_bytes);
        if (!text) return Outcome::refused;
        parse_manifest(*text);
        return elf.exports("assistd_plugin_entry") ? Outcome::plugin : Outcome::refused;
    } catch (const Error& error) {
        EXPECT_EQ(error.code(), ErrorCode::validation);
        EXPECT_EQ(std::string_view(error.what()).back(), '.');
        return Outcome::refused;
    }
}

class MutatedFiles : public testing::Test {
  protected:
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }
    // Small, huge and odd numbers: what lying offsets are made of.
    std::uint64_t number() {
        constexpr std::array<std::uint64_t, 8> odd = {
            0, 1, 63, 0x7fffffff, 0xffffffff, 0x7fffffffffffffff, 0xffffffffffffffff, 0x8000000000000000};
        return below(2) ? odd[below(odd.size())] : random_();
    }
    void overwrite(std::string& bytes, std::size_t at, std::size_t size) {
        const std::uint64_t value = number();
        std::memcpy(bytes.data() + at, &value, std::min(size, bytes.size() - at));
    }

    std::mt19937_64 random_{20'260'301};
    const std::string real_ = real_plugin();
};

TEST_F(MutatedFiles, TheRealOneIsAPlugin) {
    EXPECT_EQ(read(real_), Outcome::plugin);
}

TEST_F(MutatedFiles, Truncated) {
    for (int i = 0; i < 200; ++i) EXPECT_EQ(read(real_.substr(0, below(real_.size()))), Outcome::refused);
}

TEST_F(MutatedFiles, HeaderAndSectionTable) {
    std::uint64_t table = 0;
    std::memcpy(&table, real_.data() + 40, sizeof table);  // e_shoff
    int refused = 0;
    for (int i = 0; i < 1'000; ++i) {
        std::string bytes = real_;
        for (std::size_t changes = 1 + below(3); changes > 0; --changes) {
            const std::size_t at = below(2) ? below(64) : table + below(bytes.size() - table);
            overwrite(bytes, at, std::size_t{1} << below(4));
        }
        refused += read(bytes) == Outcome::refused;
    }
    EXPECT_GT(refused, 200);
}

TEST_F(MutatedFiles, Manifest) {
    const std::size_t begin = real_.find("{\n  \"id\": \"org.assistd.test.echo\"");
    const std::size_t end = real_.find("\n}\n", begin);
    ASSERT_LT(begin, end);
    int refused = 0;
    for (int i = 0; i < 1'000; ++i) {
        std::string bytes = real_;
        for (std::size_t changes = 1 + below(4); changes > 0; --changes) {
            const std::size_t at = begin + below(end - begin);
            if (below(2))
                bytes[at] = static_cast<char>(random_());
            else
                bytes[at] = "{}[]\",:0-tn\\"[below(12)];
        }
        refused += read(bytes) == Outcome::refused;
    }
    EXPECT_GT(refused, 200);
}

}  // namespace
}  // namespace assistd::tools
