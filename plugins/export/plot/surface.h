#pragma once
// What the image formats share: cairo objects that free themselves, and cairo's errors as exceptions.

#include <memory>
#include <stdexcept>
#include <string>

#include "plot/drawing_library.h"

namespace assistd::exporting {

struct FreeCairo {
    void operator()(cairo_surface_t* surface) const { drawing().cairo_surface_destroy(surface); }
    void operator()(cairo_t* cairo) const { drawing().cairo_destroy(cairo); }
};
using Surface = std::unique_ptr<cairo_surface_t, FreeCairo>;
using Context = std::unique_ptr<cairo_t, FreeCairo>;

inline void check(cairo_status_t status) {
    if (status != CAIRO_STATUS_SUCCESS)
        throw std::runtime_error(std::string("The plot cannot be drawn: ") +
                                 drawing().cairo_status_to_string(status) + ".");
}

// Appends to the std::string that `text` points to; for cairo's stream functions.
inline cairo_status_t append(void* text, const unsigned char* bytes, unsigned int size) {
    static_cast<std::string*>(text)->append(reinterpret_cast<const char*>(bytes), size);
    return CAIRO_STATUS_SUCCESS;
}

}  // namespace assistd::exporting
