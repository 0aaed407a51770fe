#pragma once
// How much a plugin's call may write, as the daemon and assistd-plugin-host both check it. Value type and
// functions without state.

#include <cstdint>
#include <string>
#include <vector>

#include "base/unique_fd.h"

namespace assistd {

struct CallQuotas {
    std::uint64_t artifact_bytes = 1'024ull << 20;  // all its artifacts together
    std::uint64_t scratch_bytes = 2'048ull << 20;   // in its scratch folder, at any moment

    bool operator==(const CallQuotas&) const = default;
};

// That files have now, all together.
std::uint64_t bytes_of(const std::vector<UniqueFd>& files);

// Of a folder whose bytes cannot be counted: it is nested too deeply, or closed to the daemon.
inline constexpr std::uint64_t uncountable_bytes = ~std::uint64_t{0};

// A sentence when `bytes` are more than the quota; else empty.
std::string beyond_artifact_quota(const std::string& tool, std::uint64_t bytes, const CallQuotas& quotas);
std::string beyond_scratch_quota(const std::string& tool, std::uint64_t bytes, const CallQuotas& quotas);

}  // namespace assistd
