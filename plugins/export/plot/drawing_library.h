#pragma once
// What is used of cairo and FreeType, under their own names. They bring two dozen other libraries, which take
// longer to load than the plugin itself: so they are loaded by the first picture. Any thread; lives for the
// process.

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include "late_library.h"

namespace assistd::exporting {

class DrawingLibrary {
  public:
    DrawingLibrary();  // throws Failure when a library cannot be loaded

  private:
    LateLibrary library_;

  public:
    EXPORT_FOUND(cairo_arc);
    EXPORT_FOUND(cairo_clip);
    EXPORT_FOUND(cairo_close_path);
    EXPORT_FOUND(cairo_create);
    EXPORT_FOUND(cairo_destroy);
    EXPORT_FOUND(cairo_fill);
    EXPORT_FOUND(cairo_fill_preserve);
    EXPORT_FOUND(cairo_line_to);
    EXPORT_FOUND(cairo_move_to);
    EXPORT_FOUND(cairo_new_path);
    EXPORT_FOUND(cairo_paint);
    EXPORT_FOUND(cairo_rectangle);
    EXPORT_FOUND(cairo_restore);
    EXPORT_FOUND(cairo_rotate);
    EXPORT_FOUND(cairo_save);
    EXPORT_FOUND(cairo_scale);
    EXPORT_FOUND(cairo_set_antialias);
    EXPORT_FOUND(cairo_set_dash);
    EXPORT_FOUND(cairo_set_line_width);
    EXPORT_FOUND(cairo_set_source_rgb);
    EXPORT_FOUND(cairo_show_page);
    EXPORT_FOUND(cairo_status);
    EXPORT_FOUND(cairo_status_to_string);
    EXPORT_FOUND(cairo_stroke);
    EXPORT_FOUND(cairo_translate);

    EXPORT_FOUND(cairo_image_surface_create);
    EXPORT_FOUND(cairo_image_surface_create_for_data);
    EXPORT_FOUND(cairo_pdf_surface_create_for_stream);
    EXPORT_FOUND(cairo_pdf_surface_restrict_to_version);
    EXPORT_FOUND(cairo_pdf_surface_set_metadata);
    EXPORT_FOUND(cairo_recording_surface_create);
    EXPORT_FOUND(cairo_surface_destroy);
    EXPORT_FOUND(cairo_surface_finish);
    EXPORT_FOUND(cairo_surface_flush);
    EXPORT_FOUND(cairo_surface_status);
    EXPORT_FOUND(cairo_surface_write_to_png_stream);
    EXPORT_FOUND(cairo_svg_surface_create_for_stream);
    EXPORT_FOUND(cairo_svg_surface_set_document_unit);

    EXPORT_FOUND(cairo_ft_font_face_create_for_ft_face);
    EXPORT_FOUND(cairo_matrix_init);
    EXPORT_FOUND(cairo_set_font_face);
    EXPORT_FOUND(cairo_set_font_matrix);
    EXPORT_FOUND(cairo_show_text);
    EXPORT_FOUND(cairo_text_extents);

    // Found through cairo, which is linked with FreeType.
    EXPORT_FOUND(FT_Init_FreeType);
    EXPORT_FOUND(FT_New_Memory_Face);
};

const DrawingLibrary& drawing();

}  // namespace assistd::exporting
