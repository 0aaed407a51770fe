#pragma once
// DejaVu Sans as cairo draws it. The font's file is part of the plugin, so a plot looks the same on every
// machine and needs no font configuration. One thread; lives for the process.

#include <cairo.h>

namespace assistd::exporting {

// The caller does not own it. Throws std::runtime_error when FreeType refuses the font.
cairo_font_face_t* plot_font();

}  // namespace assistd::exporting
