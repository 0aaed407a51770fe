#pragma once
// A chart as values: what a plot kind makes and the drawing code draws. Labels may hold *italic* text,
// subscripts
// _{…} and superscripts ^{…} (label.h).

#include <string>
#include <vector>

namespace assistd::exporting {

struct Point {
    double x = 0;  // greater than 0 where the axis is logarithmic
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

inline constexpr Colour green{0.000, 0.620, 0.451};
inline constexpr Colour purple{0.800, 0.475, 0.655};
inline constexpr Colour orange{0.902, 0.624, 0.000};
inline constexpr Colour sky{0.337, 0.706, 0.914};
inline constexpr Colour black{0.0, 0.0, 0.0};

// Towards white, as what counts less is drawn.
constexpr Colour pale(const Colour& colour) {
    const auto half = [](double part) { return 0.35 * part + 0.65; };
    return {half(colour.red), half(colour.green), half(colour.blue)};
}

enum class Mark { disc, ring, square, triangle, diamond, hollow_square, hollow_triangle, line, dashes, bars };

struct Series {
    Mark mark = Mark::disc;
    Colour colour;
    std::vector<Point> points;
    std::vector<std::string> legend;  // lines beside the mark; none: not in the legend
    std::vector<double> errors = {};  // of y, up and down; as many as points, or none
    double width = 0;                 // of each bar, in units of x
    bool is_curve = false;            // marks that print too close to the one before are left out
};

enum class Scale {
    logarithmic,
    linear,
    from_zero,  // linear, for fractions
    counts,     // linear from zero, labels whole numbers only
    whole       // linear, labels whole numbers only
};

struct Chart {
    std::string title;  // for screen readers and lists; papers have captions, so it is not drawn
    std::string x_label;
    std::string y_label;
    std::vector<Series> series = {};  // later ones are drawn over earlier ones
    Scale x_scale = Scale::logarithmic;
    Scale y_scale = Scale::logarithmic;
};

// How the n-th of several simulations is drawn: marks and colours that stay apart in grey, too.
inline constexpr std::size_t most_curves = 7;
struct CurveStyle {
    Mark mark;
    Colour colour;
};
inline constexpr CurveStyle curve_styles[most_curves] = {
    {Mark::disc, blue},  {Mark::square, vermilion},     {Mark::triangle, green},     {Mark::diamond, purple},
    {Mark::ring, black}, {Mark::hollow_square, orange}, {Mark::hollow_triangle, sky}};

}  // namespace assistd::exporting
