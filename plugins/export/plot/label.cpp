#include "plot/label.h"

#include <string>
#include <vector>

#include "plot/drawing_library.h"
#include "plot/font.h"

namespace assistd::exporting {
namespace {

constexpr double script_size = 0.72;  // of the line's font size
constexpr double raised = 0.38;
constexpr double lowered = 0.22;
constexpr double slant = 0.21;
// Some surfaces round the width of each letter to whole pixels: text is measured so many times larger.
constexpr double fineness = 64;

enum class Script { none, below, above };

struct Run {
    std::string text;
    bool italic = false;
    Script script = Script::none;
};

std::vector<Run> runs_of(std::string_view label) {
    std::vector<Run> runs(1);
    const auto begin = [&](bool italic, Script script) { runs.push_back({"", italic, script}); };
    for (std::size_t i = 0; i < label.size(); ++i) {
        const Run& now = runs.back();
        if (label[i] == '*')
            begin(!now.italic, now.script);
        else if (label.substr(i, 2) == "_{" || label.substr(i, 2) == "^{")
            begin(now.italic, label[i++] == '_' ? Script::below : Script::above);
        else if (label[i] == '}' && now.script != Script::none)
            begin(now.italic, Script::none);
        else
            runs.back().text += label[i];
    }
    return runs;
}

// Calls draw(run, advance) with the font of each run set; returns the width of all of them.
template <typename Draw>
double for_each_run(cairo_t* cairo, std::string_view label, double font_size, Draw draw) {
    double width = 0;
    drawing().cairo_set_font_face(cairo, plot_font());
    for (const Run& run : runs_of(label)) {
        if (run.text.empty()) continue;
        const double size = run.script == Script::none ? font_size : font_size * script_size;
        cairo_matrix_t matrix;
        drawing().cairo_matrix_init(&matrix, size, 0, run.italic ? -slant * size : 0, size, 0, 0);
        drawing().cairo_set_font_matrix(cairo, &matrix);
        draw(run, width);
        cairo_text_extents_t extents;
        drawing().cairo_text_extents(cairo, run.text.c_str(), &extents);
        width += extents.x_advance;
    }
    return width;
}

}  // namespace

double label_width(cairo_t* cairo, std::string_view label, double font_size) {
    return for_each_run(cairo, label, fineness * font_size, [](const Run&, double) {}) / fineness;
}

void draw_label(cairo_t* cairo, std::string_view label, double font_size, double x, double y) {
    for_each_run(cairo, label, font_size, [&](const Run& run, double advance) {
        const double shift = run.script == Script::above   ? -raised
                             : run.script == Script::below ? lowered
                                                           : 0;
        drawing().cairo_move_to(cairo, x + advance, y + shift * font_size);
        drawing().cairo_show_text(cairo, run.text.c_str());
    });
}

}  // namespace assistd::exporting
