#include "plot/font.h"

#include <stdexcept>

#include "plot/drawing_library.h"

// The bytes of the file that the build found (EXPORT_FONT_FILE).
__asm__(
    ".pushsection .rodata\n"
    ".balign 16\n"
    "export_font_begin:\n"
    ".incbin \"" EXPORT_FONT_FILE
    "\"\n"
    "export_font_end:\n"
    ".byte 0\n"
    ".popsection\n");
extern "C" {
extern const unsigned char export_font_begin[] __attribute__((visibility("hidden")));
extern const unsigned char export_font_end[] __attribute__((visibility("hidden")));
}

namespace assistd::exporting {
namespace {

// FreeType's library and face must outlive every use by cairo, which keeps scaled fonts in a cache of its
// own: they stay until the process ends.
cairo_font_face_t* load() {
    FT_Library library = nullptr;
    FT_Face face = nullptr;
    if (drawing().FT_Init_FreeType(&library) != 0 ||
        drawing().FT_New_Memory_Face(library, export_font_begin, export_font_end - export_font_begin, 0,
                                     &face) != 0)
        throw std::runtime_error("The font of the plots cannot be loaded.");
    return drawing().cairo_ft_font_face_create_for_ft_face(face, FT_LOAD_NO_HINTING);
}

}  // namespace

cairo_font_face_t* plot_font() {
    static cairo_font_face_t* const font = load();
    return font;
}

}  // namespace assistd::exporting
