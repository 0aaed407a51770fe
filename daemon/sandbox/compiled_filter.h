#pragma once
// What compile_syscall_filters.cpp writes when assistd is built, and syscall_filter.cpp reads.

#include <linux/bpf_common.h>
#include <linux/filter.h>

#include <cstddef>
#include <cstdint>

#include "sandbox/syscall_filter.h"

namespace assistd::sandbox {

// Every grant has its number.
constexpr std::size_t number_of_grants = 8;
constexpr CallGrant grant_at(std::size_t number) {
    return {(number & 1) != 0, (number & 2) != 0, (number & 4) != 0};
}
constexpr std::size_t number_of(const CallGrant& grant) {
    return (grant.network ? 1u : 0u) | (grant.become ? 2u : 0u) | (grant.children ? 4u : 0u);
}

// These are allowed with the process's own number only, which nobody knows before there is a process: this
// stands for it, and is none, as Linux has at most 2^22.
constexpr const char* calls_to_itself[] = {"kill", "tgkill"};
constexpr std::uint32_t the_process_itself = 0x7fff'0001;
constexpr bool names_the_process(const sock_filter& instruction) {
    return instruction.code == (BPF_JMP | BPF_JEQ | BPF_K) && instruction.k == the_process_itself;
}

}  // namespace assistd::sandbox
