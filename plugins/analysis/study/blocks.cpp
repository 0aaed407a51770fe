#include "study/blocks.h"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <set>

namespace assistd::analysis {
namespace {

struct Point {
    double x = 0;
    double y = 0;
};

using Block = std::vector<Point>;

double mean_of(const Block& block, double Point::*which) {
    double sum = 0;
    for (const Point& point : block) sum += point.*which;
    return sum / static_cast<double>(block.size());
}

// The runs that report the metric, by the values of `others`.
std::vector<Block> blocks_of(const std::string& parameter, const std::vector<std::string>& others,
                             const std::vector<StudyRun>& runs, const std::string& metric) {
    std::map<std::string, Block> by_others;
    for (const StudyRun& run : runs) {
        const Json x = run.parameters.value(parameter, Json()), y = run.metrics.value(metric, Json());
        if (!x.is_number() || !y.is_number() || !std::isfinite(y.get<double>())) continue;
        Json combination = Json::array();
        for (const std::string& other : others) combination.push_back(run.parameters.value(other, Json()));
        by_others[combination.dump()].push_back({x.get<double>(), y.get<double>()});
    }
    std::vector<Block> blocks;
    for (auto& [combination, block] : by_others) {
        const bool varies = std::any_of(block.begin(), block.end(),
                                        [&](const Point& point) { return point.x != block.front().x; });
        if (varies) blocks.push_back(std::move(block));
    }
    return blocks;
}

Block all_of(const std::vector<Block>& blocks) {
    Block all;
    for (const Block& block : blocks) all.insert(all.end(), block.begin(), block.end());
    return all;
}

std::vector<Block> by_law(Law law, std::vector<Block> blocks) {
    for (Block& block : blocks)
        for (Point& point : block) {
            if (law != Law::linear) point.x = std::log(point.x);
            if (law == Law::power) point.y = std::log(point.y);
        }
    return blocks;
}

Block without_means(const std::vector<Block>& blocks) {
    Block centred;
    for (const Block& block : blocks) {
        const double x = mean_of(block, &Point::x), y = mean_of(block, &Point::y);
        for (const Point& point : block) centred.push_back({point.x - x, point.y - y});
    }
    return centred;
}

// The line through runs from which their blocks' means are taken off.
struct Line {
    double slope = 0;
    double squares = 0;  // sum (x - x_b)^2
    double residual = 0;
    double r_squared = 1;
};

Line line_through(const Block& centred) {
    Line line;
    double xy = 0, yy = 0;
    for (const Point& point : centred) {
        line.squares += point.x * point.x;
        xy += point.x * point.y;
        yy += point.y * point.y;
    }
    line.slope = xy / line.squares;
    for (const Point& point : centred) line.residual += std::pow(point.y - line.slope * point.x, 2);
    if (yy > 0) line.r_squared = 1 - line.residual / yy;
    return line;
}

Law law_of(const std::string& parameter, const std::vector<double>& values,
           const std::vector<Block>& blocks) {
    // A law is chosen as it is of one parameter; through two values every law goes.
    if (!is_told_in_logarithm(parameter, values)) return Law::linear;
    const Block all = all_of(blocks);
    if (!std::all_of(all.begin(), all.end(), [](const Point& point) { return point.y > 0; }))
        return Law::logarithmic;
    const auto fits = [&](Law law) { return line_through(without_means(by_law(law, blocks))).r_squared; };
    return fits(Law::power) > fits(Law::logarithmic) ? Law::power : Law::logarithmic;
}

std::vector<double> values_of(const Block& runs) {
    std::set<double> values;
    for (const Point& run : runs) values.insert(run.x);
    return {values.begin(), values.end()};
}

// The mean at each value, without what the blocks differ by.
std::vector<double> adjusted_means(const std::vector<Block>& blocks, const std::vector<double>& values) {
    std::vector<Block> at(values.size());
    for (const Block& block : blocks) {
        const double middle = mean_of(block, &Point::y);
        for (const Point& run : block) {
            const auto place = std::lower_bound(values.begin(), values.end(), run.x) - values.begin();
            at[static_cast<std::size_t>(place)].push_back({run.x, run.y - middle});
        }
    }
    const double mean = mean_of(all_of(blocks), &Point::y);
    std::vector<double> means;
    for (const Block& block : at) means.push_back(mean + mean_of(block, &Point::y));
    return means;
}

bool has_repeats(const std::vector<Block>& blocks) {
    return std::any_of(blocks.begin(), blocks.end(),
                       [](const Block& block) { return values_of(block).size() < block.size(); });
}

void judge(Trend& trend, const std::vector<Block>& blocks, const Line& line, double range, double size) {
    const double freedom =
        static_cast<double>(all_of(blocks).size()) - static_cast<double>(blocks.size()) - 1;
    if (freedom < 1) return;
    judge_slope(trend, {std::sqrt(line.residual / freedom / line.squares), freedom}, range, size);
    // Of single runs whose residuals have fewer degrees of freedom than those of a line through five.
    constexpr double fewest = 3;
    if (!*trend.significant && trend.sigma && freedom < fewest && !has_repeats(blocks))
        trend.significant.reset();
}

}  // namespace

std::optional<Trend> trend_within(const std::string& parameter, const std::vector<std::string>& others,
                                  const std::vector<StudyRun>& runs, const std::string& metric) {
    const std::vector<Block> blocks = blocks_of(parameter, others, runs, metric);
    if (blocks.empty()) return std::nullopt;
    const Block all = all_of(blocks);
    const std::vector<double> values = values_of(all);
    Trend trend;
    trend.within = others;
    trend.blocks = static_cast<int>(blocks.size());
    trend.law = law_of(parameter, values, blocks);
    const std::vector<Block> fitted = by_law(trend.law, blocks);
    const Block points = all_of(fitted);
    const Line line = line_through(without_means(fitted));
    trend.slope = line.slope;
    const double mean = mean_of(all, &Point::y);
    const auto in_law = [&](double x) { return trend.law == Law::linear ? x : std::log(x); };
    const double least = in_law(values.front()), most = in_law(values.back());
    judge(trend, blocks, line, most - least, trend.law == Law::power ? 1 : std::abs(mean));
    const auto line_at = [&](double x) {
        const double y = mean_of(points, &Point::y) + line.slope * (x - mean_of(points, &Point::x));
        return trend.law == Law::power ? std::exp(y) : y;
    };
    tell_change(trend, line_at(most) - line_at(least), adjusted_means(blocks, values), mean);
    return trend;
}

}  // namespace assistd::analysis
