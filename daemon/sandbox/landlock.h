#pragma once
// Which files a process may reach, by the kernel's Landlock. The ABI that the running kernel has decides what
// is confined; versions beyond the first only add to it (linux/landlock.h,
// Documentation/userspace-api/landlock.rst).

#include <string>
#include <vector>

namespace assistd::sandbox {

struct FileGrant {
    int file = -1;                        // open; may be read, also when it is opened again
    std::string scratch;                  // everything but running what is in it; empty: none
    std::vector<std::string> readable;    // files and folders; those that do not exist are left out
    std::vector<std::string> executable;  // programs; so too
    bool network = false;                 // else no TCP either, where the kernel can forbid it
};

// For good, and for every thread and process that this one starts. False when the kernel has no Landlock.
bool confine_files(const FileGrant& grant);

}  // namespace assistd::sandbox
