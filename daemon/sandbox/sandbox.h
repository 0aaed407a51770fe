#pragma once
// What a process may do that runs other people's code, or reads other people's files. It enters the sandbox
// before it touches either.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sandbox/syscall_filter.h"

namespace assistd::sandbox {

// What the process may use. Nothing: as much as it likes.
struct Limits {
    std::optional<std::uint64_t> address_space_bytes;
    std::optional<std::uint64_t> cpu_seconds;
    std::uint64_t file_bytes = 0;  // of each file that it writes
};

struct Grant {
    Limits limits;
    CallGrant calls;
    int file = -1;                        // open; may be opened again
    std::string scratch;                  // a folder that is its own; empty: none
    std::vector<std::string> readable;    // beside what every program needs
    std::vector<std::string> executable;  // programs that it may become
};

// Ties this process to its parent: it ends when the parent does. False when the parent has ended already.
bool die_with_parent(int parent_pid);

// A sanitizer reserves terabytes of address space, so that limit cannot be set.
extern const bool limits_address_space;
// For good.
void set_limit(int resource, std::uint64_t value);

// Takes away every right that `grant` does not name, for good. Returns sentences about the protections that
// this kernel does not have; empty when it has them all.
std::string enter(const Grant& grant);

}  // namespace assistd::sandbox
