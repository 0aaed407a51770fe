#pragma once
// A chart as values: what a plot kind makes and the drawing code draws. Both axes are logarithmic. Labels may
// hold *italic* text, subscripts _{…} and superscripts ^{…} (label.h).

#include <string>
#include <vector>

namespace assistd::exporting {

struct Point {
    double x = 0;  // both greater than 0
    double y = 0;
};

struct Colour {
    double red = 0;
    double green = 0;
    double blue = 0;
};

// From the palette of Okabe and Ito, whose colours stay apart for colour-blind eyes and in grey.
inline constexpr Colour blue{0.000, 0.447, 0.698};
inline constexpr Colour vermilion{0.835, 0.369, 0.000};
inline constexpr Colour grey{0.45, 0.45, 0.45};

enum class Mark { disc, ring, line };

struct Series {
    Mark mark = Mark::disc;
    Colour colour;
    std::vector<Point> points;
    std::vector<std::string> legend;  // lines beside the mark; none: not in the legend
};

struct Chart {
    std::string title;  // for screen readers and lists; papers have captions, so it is not drawn
    std::string x_label;
    std::string y_label;
    std::vector<Series> series;  // later ones are drawn over earlier ones
};

}  // namespace assistd::exporting
