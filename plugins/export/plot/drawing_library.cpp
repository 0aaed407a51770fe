#include "plot/drawing_library.h"

namespace assistd::exporting {

DrawingLibrary::DrawingLibrary() : library_(EXPORT_CAIRO_SONAME) {}

const DrawingLibrary& drawing() {
    static const DrawingLibrary library;
    return library;
}

}  // namespace assistd::exporting
