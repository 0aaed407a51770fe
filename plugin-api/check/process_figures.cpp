#include "check/process_figures.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace assistd::check {
namespace {

std::string file_of(pid_t process, const char* name) {
    return "/proc/" + std::to_string(process) + "/" + name;
}

// A line such as "VmHWM:     5120 kB".
std::optional<std::int64_t> status_kb(pid_t process, const std::string& key) {
    if (process <= 0) return std::nullopt;
    std::ifstream status(file_of(process, "status"));
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key + ":")) return std::strtoll(line.c_str() + key.size() + 1, nullptr, 10);
    return std::nullopt;
}

}  // namespace

std::optional<double> peak_memory_mb(pid_t process) {
    const auto kb = status_kb(process, "VmHWM");
    if (!kb) return std::nullopt;
    return static_cast<double>(*kb) / 1'024;
}

std::optional<std::int64_t> own_memory_kb(pid_t process) {
    return status_kb(process, "RssAnon");
}

std::optional<std::int64_t> open_descriptors(pid_t process) {
    const std::string folder = file_of(process, "fd");
    // Linux 6.2 and newer say the number to everybody, older ones list the folder to root.
    struct stat about {};
    if (process <= 0 || ::stat(folder.c_str(), &about) != 0) return std::nullopt;
    if (about.st_size > 0) return about.st_size;
    std::error_code error;
    std::int64_t count = 0;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
        ++count;
    if (error || count == 0) return std::nullopt;
    return count;
}

}  // namespace assistd::check
