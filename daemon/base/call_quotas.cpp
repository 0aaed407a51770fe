#include "base/call_quotas.h"

#include <sys/stat.h>

#include <array>
#include <cstdio>

namespace assistd {
namespace {

// Upwards, so that what is beyond a limit never reads as if it were the limit.
std::string in_mib(std::uint64_t bytes) {
    const double tenths = static_cast<double>((bytes * 10 + (1u << 20) - 1) >> 20) / 10;
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f MiB", tenths);
    return text.data();
}

std::string limit(std::uint64_t bytes) {
    return std::to_string(bytes >> 20) + " MiB";
}

}  // namespace

std::uint64_t bytes_of(const std::vector<UniqueFd>& files) {
    std::uint64_t bytes = 0;
    for (const UniqueFd& file : files) {
        struct stat state {};
        if (::fstat(file.get(), &state) == 0) bytes += static_cast<std::uint64_t>(state.st_size);
    }
    return bytes;
}

std::string beyond_artifact_quota(const std::string& tool, std::uint64_t bytes, const CallQuotas& quotas) {
    if (bytes <= quotas.artifact_bytes) return {};
    return "The artifacts of " + tool + " have " + in_mib(bytes) + " together, and a call may make " +
           limit(quotas.artifact_bytes) + " (plugins.max_artifact_mib).";
}

std::string beyond_scratch_quota(const std::string& tool, std::uint64_t bytes, const CallQuotas& quotas) {
    if (bytes <= quotas.scratch_bytes) return {};
    if (bytes == uncountable_bytes)
        return "The tool " + tool +
               " had folders in its scratch folder that are nested too deeply, or closed to the daemon, so "
               "that what "
               "is in them cannot be counted.";
    return "The tool " + tool + " had " + in_mib(bytes) + " in its scratch folder, and a call may have " +
           limit(quotas.scratch_bytes) + " there (plugins.max_scratch_mib).";
}

}  // namespace assistd
