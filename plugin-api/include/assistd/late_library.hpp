#pragma once
// A shared library that is loaded when it is first needed. For those that few calls need and that bring many
// others: what a plugin is linked with is loaded before its first call, whichever that is. It is never
// unloaded. Whoever packages the plugin names such a library by hand among what it depends on.
//
//     struct Pdf {
//         assistd::LateLibrary library_{"libpoppler-glib.so.8"};
//         ASSISTD_LATE(poppler_document_new_from_file);   // decltype of the declaration in the library's
//         header
//     };
//     static const Pdf pdf;                               // loads; throws Failure where there is none
//     pdf.poppler_document_new_from_file(…);

#include <dlfcn.h>

#include <string>

#include "assistd/failure.hpp"

namespace assistd {

class LateLibrary {
  public:
    // By its soname. Throws Failure("InternalError") when there is none.
    explicit LateLibrary(const char* soname)
        : soname_(soname), handle_(::dlopen(soname, RTLD_NOW | RTLD_LOCAL)) {
        if (handle_ == nullptr)
            throw Failure("InternalError", "The library " + soname_ +
                                                  " cannot be loaded on this machine: " + ::dlerror() + ".");
    }

    // What the library, or one that it brings, calls `name`: the address of a function or a variable. Throws
    // Failure("InternalError") when there is none.
    template <typename Pointer>
    Pointer find(const char* name) const {
        void* address = ::dlsym(handle_, name);
        if (address == nullptr)
            throw Failure("InternalError",
                          "The library " + soname_ + " of this machine has no " + name + ".");
        return reinterpret_cast<Pointer>(address);
    }

  private:
    std::string soname_;
    void* handle_;
};

// A member that is the library's function of this name, behind a LateLibrary named library_.
#define ASSISTD_LATE(name) decltype(&::name) name = library_.find<decltype(&::name)>(#name)

}  // namespace assistd
