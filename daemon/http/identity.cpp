#include "http/identity.h"

namespace assistd::http {

std::string_view name_of(Scope scope) {
    switch (scope) {
        case Scope::read:
            return "read";
        case Scope::write:
            return "write";
        case Scope::tools:
            return "tools";
        case Scope::admin:
            break;
    }
    return "admin";
}

}  // namespace assistd::http
