#include "plugin_abi/library.h"

#include <dlfcn.h>

#include <cstddef>

#include "base/utf8.h"

namespace assistd::plugin_abi {
namespace {

constexpr std::size_t most_of_a_reason = 500;

std::string version(unsigned major, unsigned minor) {
    return std::to_string(major) + "." + std::to_string(minor);
}

// Whether `member` lies within what the other side says it knows of the struct.
#define ASSISTD_HAS(object, member) \
    ((object)->struct_size >=       \
     offsetof(std::remove_cvref_t<decltype(*(object))>, member) + sizeof(object)->member)

const assistd_plugin_descriptor& descriptor_of(void* library) {
    const auto entry = reinterpret_cast<assistd_plugin_entry_fn>(::dlsym(library, "assistd_plugin_entry"));
    if (!entry) throw LoadFailure{"it does not export assistd_plugin_entry"};
    const assistd_plugin_descriptor* descriptor = entry();
    if (!descriptor) throw LoadFailure{"its assistd_plugin_entry returned nothing"};
    if (!ASSISTD_HAS(descriptor, create) || !descriptor->create)
        throw LoadFailure{"its descriptor has no create function"};
    if (descriptor->abi_major != ASSISTD_ABI_MAJOR || descriptor->abi_minor > ASSISTD_ABI_MINOR)
        throw LoadFailure{"its code was built for plugin ABI " +
                          version(descriptor->abi_major, descriptor->abi_minor) + ", and this daemon has " +
                          version(ASSISTD_ABI_MAJOR, ASSISTD_ABI_MINOR)};
    return *descriptor;
}

// Why it has not begun, as a plugin in C++ logs what its start throws.
std::string what_it_said(const HostTable& host) {
    std::string why = host.last_error();
    while (why.ends_with('.')) why.pop_back();
    return why.empty() ? "" : ": " + std::string(whole_characters(why, most_of_a_reason));
}

}  // namespace

Library::Library(const std::string& path) {
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = ::dlerror();
        throw LoadFailure{"it cannot be loaded (" + std::string(reason ? reason : "unknown reason") + ")"};
    }
    descriptor_ = &descriptor_of(library);
}

Instance::Instance(const Library& library, const HostTable& host)
    : plugin_(library.descriptor().create(&host.table())) {
    if (!plugin_) throw LoadFailure{"its create function returned nothing" + what_it_said(host)};
    if (!ASSISTD_HAS(plugin_, destroy) || !plugin_->call || !plugin_->destroy)
        throw LoadFailure{"its instance lacks the functions call and destroy"};
}

Instance::~Instance() {
    try {
        plugin_->destroy(plugin_);
    } catch (...) {
        // It is gone either way, and nobody is left to be told.
    }
}

assistd_status Instance::call(assistd_string tool, assistd_string arguments, assistd_call& running) {
    return plugin_->call(plugin_, tool, arguments, &running);
}

}  // namespace assistd::plugin_abi
