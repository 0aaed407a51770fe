#include "plot/legend.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "plot/drawing_library.h"
#include "plot/label.h"
#include "plot/marks.h"

namespace assistd::exporting {
namespace {

constexpr double text_size = 7;
constexpr double text_line = 9.5;            // from one line to the next
constexpr double mark_room = 16;             // left of the text
constexpr double below = 2;                  // the last line
constexpr double apart = 3;                  // from what is beside it
constexpr double away = major_tick + apart;  // from the frame, inside of it
constexpr double line_steps = 100;
constexpr double least_frame = 130;  // its height under a legend

double width_of(cairo_t* cairo, const std::vector<std::string>& lines) {
    double widest = 0;
    for (const std::string& text : lines) widest = std::max(widest, label_width(cairo, text, text_size));
    return mark_room + widest + apart;
}

double height_of(const std::vector<std::string>& lines) {
    return static_cast<double>(lines.size()) * text_line;
}

// The parts of a text, each with the separator that follows it.
std::vector<std::string> parts_of(const std::string& text, std::string_view separator) {
    std::vector<std::string> parts;
    for (std::size_t begin = 0; begin < text.size();) {
        const auto found = text.find(separator, begin);
        const auto end = found == std::string::npos ? text.size() : found + separator.size();
        parts.push_back(text.substr(begin, end - begin));
        begin = end;
    }
    return parts;
}

// The text in lines of `most` points at most: it breaks after a comma, else between words. A single word that
// is wider stays whole.
std::vector<std::string> wrapped(cairo_t* cairo, const std::string& text, double most,
                                 std::string_view separator = ", ") {
    std::vector<std::string> lines;
    std::string line;
    const auto fits = [&](const std::string& each) { return label_width(cairo, each, text_size) <= most; };
    for (const std::string& part : parts_of(text, separator)) {
        if (fits(line + part)) {
            line += part;
            continue;
        }
        if (!line.empty()) lines.push_back(line);
        line = part;
        if (fits(part) || separator == " ") continue;
        const std::vector<std::string> words = wrapped(cairo, part, most, " ");
        lines.insert(lines.end(), words.begin(), words.end() - 1);
        line = words.back();
    }
    if (!line.empty()) lines.push_back(line);
    return lines;
}

// The entries from left to right, in as many rows as `width` needs; none is wider than `most`.
Legend in_rows(cairo_t* cairo, const Chart& chart, double width, double most) {
    Legend legend;
    double x = 0, y = 0, row_height = 0;
    for (const Series& series : chart.series) {
        if (series.legend.empty()) continue;
        std::vector<std::string> lines;
        for (const std::string& text : series.legend)
            for (std::string& line : wrapped(cairo, text, most - mark_room - apart))
                lines.push_back(std::move(line));
        const double needed = width_of(cairo, lines);
        if (x > 0 && x + needed > width) {
            y += row_height;
            x = row_height = 0;
        }
        x += needed;
        row_height = std::max(row_height, height_of(lines));
        legend.entries.push_back({&series, std::move(lines), x - needed, y});
        legend.place.right = std::max(legend.place.right, x);
    }
    legend.place.bottom = y + row_height + below;
    return legend;
}

Rectangle moved(const Rectangle& size, double x, double y) {
    return {x, y, x + size.width(), y + size.height()};
}

bool hides_mark(const Series& series, const Layout& layout, const Rectangle& place) {
    const Rectangle around{place.left - mark_radius, place.top - mark_radius, place.right + mark_radius,
                           place.bottom + mark_radius};
    return std::any_of(series.points.begin(), series.points.end(), [&](const Point& point) {
        return around.contains(layout.x(point.x), layout.y(point.y));
    });
}

bool hides_bar(const Series& series, const Layout& layout, const Rectangle& place) {
    return std::any_of(series.points.begin(), series.points.end(), [&](const Point& point) {
        return layout.x(point.x + series.width / 2) > place.left &&
               layout.x(point.x - series.width / 2) < place.right && layout.y(point.y) < place.bottom;
    });
}

bool hides_error(const Series& series, const Layout& layout, const Rectangle& place) {
    for (std::size_t i = 0; i < series.errors.size(); ++i) {
        const Point& point = series.points[i];
        const double x = layout.x(point.x), top = layout.y(point.y + series.errors[i]);
        const double bottom = 2 * layout.y(point.y) - top;  // near enough on either scale
        if (x > place.left - mark_radius && x < place.right + mark_radius && top < place.bottom &&
            bottom > place.top)
            return true;
    }
    return false;
}

bool hides_line(const Series& series, const Layout& layout, const Rectangle& place) {
    for (std::size_t i = 1; i < series.points.size(); ++i) {
        const double x = layout.x(series.points[i - 1].x), y = layout.y(series.points[i - 1].y);
        const double along_x = layout.x(series.points[i].x) - x, along_y = layout.y(series.points[i].y) - y;
        for (double step = 0; step <= line_steps; ++step)
            if (place.contains(x + step / line_steps * along_x, y + step / line_steps * along_y)) return true;
    }
    return false;
}

bool hides(const Series& series, const Layout& layout, const Rectangle& place) {
    if (series.mark == Mark::line || series.mark == Mark::dashes) return hides_line(series, layout, place);
    if (series.mark == Mark::bars) return hides_bar(series, layout, place);
    return hides_mark(series, layout, place) || hides_error(series, layout, place);
}

// The corner of the frame where a legend of that size hides nothing of the chart.
std::optional<Rectangle> free_corner(const Chart& chart, const Layout& layout, const Rectangle& size) {
    const Rectangle& frame = layout.frame;
    const double left = frame.left + away, right = frame.right - away - size.width();
    const double top = frame.top + away, bottom = frame.bottom - away - size.height();
    const std::array<Rectangle, 4> corners{moved(size, left, top), moved(size, right, top),
                                           moved(size, right, bottom), moved(size, left, bottom)};
    for (const Rectangle& corner : corners) {
        if (std::none_of(chart.series.begin(), chart.series.end(),
                         [&](const Series& series) { return hides(series, layout, corner); }))
            return corner;
    }
    return std::nullopt;
}

}  // namespace

Legend place_legend(cairo_t* cairo, const Chart& chart, Layout& layout) {
    Legend legend = in_rows(cairo, chart, 0, layout.frame.width() - 2 * away);
    if (legend.entries.empty()) return legend;
    if (const auto corner = free_corner(chart, layout, legend.place)) {
        legend.place = *corner;
        return legend;
    }
    legend = in_rows(cairo, chart, layout.frame.width(), layout.frame.width());
    legend.place = moved(legend.place, layout.frame.left, layout.frame.top);
    layout.frame.top = legend.place.bottom + apart;
    const double missing = std::max(0.0, least_frame - layout.frame.height());
    layout.frame.bottom += missing;
    layout.page_height += missing;
    return legend;
}

namespace {

void draw_sample(cairo_t* cairo, const Series& series, double x, double y) {
    drawing().cairo_new_path(cairo);
    if (series.mark == Mark::bars) {
        drawing().cairo_rectangle(cairo, x + 2, y - 2.2, mark_room - 7, 4.4);
        set_colour(cairo, pale(series.colour));
        drawing().cairo_fill_preserve(cairo);
        set_colour(cairo, series.colour);
        drawing().cairo_set_line_width(cairo, error_width);
        drawing().cairo_stroke(cairo);
    } else if (series.mark == Mark::line || series.mark == Mark::dashes) {
        set_line(cairo, series);
        line(cairo, x + 1, y, x + mark_room - 4, y);
        drawing().cairo_stroke(cairo);
        drawing().cairo_set_dash(cairo, nullptr, 0, 0);
    } else {
        draw_mark(cairo, series, x + (mark_room - 3) / 2, y);
    }
}

}  // namespace

void draw_legend(cairo_t* cairo, const Legend& legend) {
    for (const Legend::Entry& entry : legend.entries) {
        const Series& series = *entry.series;
        const double x = legend.place.left + entry.x;
        double y = legend.place.top + entry.y + text_line - 1.5;
        const double mark_y = y - 0.36 * text_size;
        draw_sample(cairo, series, x, mark_y);
        for (const std::string& text : entry.lines) {
            drawing().cairo_set_source_rgb(cairo, 0, 0, 0);
            draw_label(cairo, text, text_size, x + mark_room, y);
            y += text_line;
        }
    }
}

}  // namespace assistd::exporting
