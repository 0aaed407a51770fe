#pragma once
// Which files a plugin's process may reach, by the kernel's Landlock. The ABI that the running kernel has
// decides what is confined; versions beyond the first only add to it (linux/landlock.h,
// Documentation/userspace-api/landlock.rst).

#include <string>
#include <vector>

namespace assistd::plugin_host {

struct FileGrant {
    int library = -1;                   // open; may be read
    std::string scratch;                // everything but running what is in it
    std::vector<std::string> readable;  // files and folders; those that do not exist are left out
    bool network = false;               // else no TCP either, where the kernel can forbid it
};

// For good, and for every thread and process that this one starts. False when the kernel has no Landlock.
bool confine_files(const FileGrant& grant);

}  // namespace assistd::plugin_host
