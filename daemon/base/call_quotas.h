#pragma once
// How much a plugin's call may write, as the daemon and assistd-plugin-host both check it. Value type and
// pure functions.

#include <cstdint>
#include <string>

namespace assistd {

struct CallQuotas {
    std::uint64_t artifact_bytes = 1'024ull << 20;  // all its artifacts together
    std::uint64_t scratch_bytes = 2'048ull << 20;   // in its scratch folder, at any moment

    bool operator==(const CallQuotas&) const = default;
};

// A sentence when `bytes` are more than the quota; else empty.
std::string beyond_artifact_quota(const std::string& tool, std::uint64_t bytes, const CallQuotas& quotas);
std::string beyond_scratch_quota(const std::string& tool, std::uint64_t bytes, const CallQuotas& quotas);

}  // namespace assistd
