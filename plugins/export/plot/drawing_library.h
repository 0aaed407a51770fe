#pragma once
// What is used of cairo and FreeType, under their own names. They bring two dozen other libraries, which take
// longer to load than the plugin itself: so they are loaded by the first picture. Any thread; lives for the
// process.

#include <cairo-ft.h>
#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>

#include "assistd/late_library.hpp"

namespace assistd::exporting {

class DrawingLibrary {
  public:
    DrawingLibrary();  // throws Failure when a library cannot be loaded

  private:
    LateLibrary library_;

  public:
    ASSISTD_LATE(cairo_arc);
    ASSISTD_LATE(cairo_clip);
    ASSISTD_LATE(cairo_close_path);
    ASSISTD_LATE(cairo_create);
    ASSISTD_LATE(cairo_destroy);
    ASSISTD_LATE(cairo_fill);
    ASSISTD_LATE(cairo_fill_preserve);
    ASSISTD_LATE(cairo_line_to);
    ASSISTD_LATE(cairo_move_to);
    ASSISTD_LATE(cairo_new_path);
    ASSISTD_LATE(cairo_paint);
    ASSISTD_LATE(cairo_rectangle);
    ASSISTD_LATE(cairo_restore);
    ASSISTD_LATE(cairo_rotate);
    ASSISTD_LATE(cairo_save);
    ASSISTD_LATE(cairo_scale);
    ASSISTD_LATE(cairo_set_antialias);
    ASSISTD_LATE(cairo_set_dash);
    ASSISTD_LATE(cairo_set_line_width);
    ASSISTD_LATE(cairo_set_source_rgb);
    ASSISTD_LATE(cairo_show_page);
    ASSISTD_LATE(cairo_status);
    ASSISTD_LATE(cairo_status_to_string);
    ASSISTD_LATE(cairo_stroke);
    ASSISTD_LATE(cairo_translate);

    ASSISTD_LATE(cairo_image_surface_create);
    ASSISTD_LATE(cairo_image_surface_create_for_data);
    ASSISTD_LATE(cairo_pdf_surface_create_for_stream);
    ASSISTD_LATE(cairo_pdf_surface_restrict_to_version);
    ASSISTD_LATE(cairo_pdf_surface_set_metadata);
    ASSISTD_LATE(cairo_recording_surface_create);
    ASSISTD_LATE(cairo_surface_destroy);
    ASSISTD_LATE(cairo_surface_finish);
    ASSISTD_LATE(cairo_surface_flush);
    ASSISTD_LATE(cairo_surface_status);
    ASSISTD_LATE(cairo_surface_write_to_png_stream);
    ASSISTD_LATE(cairo_svg_surface_create_for_stream);
    ASSISTD_LATE(cairo_svg_surface_set_document_unit);

    ASSISTD_LATE(cairo_ft_font_face_create_for_ft_face);
    ASSISTD_LATE(cairo_matrix_init);
    ASSISTD_LATE(cairo_set_font_face);
    ASSISTD_LATE(cairo_set_font_matrix);
    ASSISTD_LATE(cairo_show_text);
    ASSISTD_LATE(cairo_text_extents);

    // Found through cairo, which is linked with FreeType.
    ASSISTD_LATE(FT_Init_FreeType);
    ASSISTD_LATE(FT_New_Memory_Face);
};

const DrawingLibrary& drawing();

}  // namespace assistd::exporting
