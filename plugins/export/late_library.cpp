#include "late_library.h"

#include <dlfcn.h>

#include "assistd/failure.hpp"

namespace assistd::exporting {

LateLibrary::LateLibrary(const char* soname)
    : soname_(soname), handle_(::dlopen(soname, RTLD_NOW | RTLD_LOCAL)) {
    if (handle_ == nullptr)
        throw Failure("UnavailableError",
                      "The library " + soname_ + " cannot be loaded on this machine: " + ::dlerror() + ".");
}

void* LateLibrary::address_of(const char* name) const {
    void* address = ::dlsym(handle_, name);
    if (address == nullptr)
        throw Failure("UnavailableError", "The library " + soname_ + " of this machine has no " + name + ".");
    return address;
}

}  // namespace assistd::exporting
