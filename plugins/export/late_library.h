#pragma once
// A shared library that is loaded when it is first needed. For those that few calls need and that bring many
// others: what a plugin is linked with is loaded before its first call, whichever that is. It is never
// unloaded. The plugin's Debian package names these libraries by hand (packaging/debian/control).

#include <string>

namespace assistd::exporting {

class LateLibrary {
  public:
    // By its soname. Throws Failure when there is none.
    explicit LateLibrary(const char* soname);

    // What the library calls `name`: the address of a function or a variable. Throws Failure when there is
    // none.
    template <typename Pointer>
    Pointer find(const char* name) const {
        return reinterpret_cast<Pointer>(address_of(name));
    }

  private:
    void* address_of(const char* name) const;

    std::string soname_;
    void* handle_;
};

// A member that is the library's function of this name, behind a LateLibrary named library_.
#define EXPORT_FOUND(name) decltype(&::name) name = library_.find<decltype(&::name)>(#name)

}  // namespace assistd::exporting
