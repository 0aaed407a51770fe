#include "check/system_libraries.h"

#include <fcntl.h>

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "base/unique_fd.h"
#include "check/loader_cache.h"

namespace assistd::check {
namespace {

namespace fs = std::filesystem;

// Of the folders that every plugin may read (daemon/sandbox/sandbox.cpp) those that hold libraries.
constexpr const char* of_the_system[] = {"/usr", "/lib", "/lib64"};
#if defined(__x86_64__)
constexpr const char* always_searched[] = {
    "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"};
#else
constexpr const char* always_searched[] = {"/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/lib",
                                           "/usr/lib"};
#endif

bool is_below(const fs::path& file, const fs::path& folder) {
    const auto [end, rest] = std::mismatch(folder.begin(), folder.end(), file.begin(), file.end());
    return end == folder.end();
}

// The loader puts the library's folder for "$ORIGIN", which the daemon's copy does not have.
bool mentions_origin(const std::string& path) {
    return path.find("$ORIGIN") != std::string::npos || path.find("${ORIGIN}") != std::string::npos;
}

}  // namespace

SystemLibraries::SystemLibraries(std::vector<fs::path> readable)
    : readable_(std::move(readable)), cache_(read_loader_cache("/etc/ld.so.cache")) {
    readable_.insert(readable_.end(), std::begin(of_the_system), std::end(of_the_system));
    for (fs::path& folder : readable_) {
        std::error_code error;
        const fs::path real = fs::canonical(folder, error);
        if (!error) folder = real;
    }
}

void SystemLibraries::add(const tools::ElfFile& elf) {
    for (const auto& symbol : elf.symbols())
        if (symbol.defined) defined_.insert(symbol.name);
    const auto needs = elf.needs();
    for (const std::string& name : needs.libraries) add_library(name, needs.search_path);
}

void SystemLibraries::add_library(const std::string& name, const std::string& search_path) {
    if (!seen_.insert(name).second) return;
    const auto file = find(name, search_path);
    if (!file) {
        const bool beside = mentions_origin(search_path);
        problems_.push_back(
            "The library " + name + " is not on this machine" +
            (beside
                 ? " where the loader looks; \"$ORIGIN\" does not help, since the daemon loads a copy of the "
                   "plugin. Link it statically, or install it"
                 : ". Install its package, or link it statically") +
            ".");
        return;
    }
    if (!may_be_read(*file)) {
        problems_.push_back("The library " + name + " is " + file->string() +
                            ", which a plugin may not read. Link it statically, or name its folder in "
                            "plugins.readable of the daemon's config (and here with --readable).");
        return;
    }
    try {
        const UniqueFd open(::open(file->c_str(), O_RDONLY | O_CLOEXEC));
        add(tools::ElfFile(open.get()));
    } catch (const Error& error) {
        problems_.push_back("The library " + file->string() + " " + error.what());
    }
}

std::optional<fs::path> SystemLibraries::find(const std::string& name, const std::string& search_path) const {
    std::error_code error;
    if (name.find('/') != std::string::npos)
        return fs::exists(name, error) ? std::optional<fs::path>(name) : std::nullopt;
    std::istringstream folders(search_path);
    for (std::string folder; std::getline(folders, folder, ':');)
        if (!folder.empty() && fs::exists(fs::path(folder) / name, error)) return fs::path(folder) / name;
    if (const auto known = cache_.find(name); known != cache_.end() && fs::exists(known->second, error))
        return known->second;
    for (const char* folder : always_searched)
        if (fs::exists(fs::path(folder) / name, error)) return fs::path(folder) / name;
    return std::nullopt;
}

bool SystemLibraries::may_be_read(const fs::path& file) const {
    std::error_code error;
    const fs::path real = fs::canonical(file, error);
    return !error &&
           std::ranges::any_of(readable_, [&](const fs::path& folder) { return is_below(real, folder); });
}

}  // namespace assistd::check
