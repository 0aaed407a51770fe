#include <fmt/format.h>

#include "science.h"
#include "table.h"

namespace assistd::bench {
namespace {

constexpr double most_bytes = 64;

std::string seconds(double value) {
    return fmt::format("{:.3f} s", value);
}

void add_time(Table& table, const GrowthCost& cost) {
    table.row(fmt::format("{}, {} particles", cost.what, cost.particles), seconds(cost.seconds),
              cost.goal_s > 0 ? seconds(cost.goal_s) : "", cost.seconds <= cost.goal_s);
}

}  // namespace

std::string as_table(const ScienceFigures& figures) {
    Table table;
    table.title("Growth, processor time of one thread");
    for (const GrowthCost& cost : figures.growth) {
        add_time(table, cost);
        table.row("  particles a second", rate(static_cast<double>(cost.particles) / cost.seconds));
        if (cost.bytes_per_particle > 0)
            table.row("  bytes a particle while growing", fmt::format("{:.1f}", cost.bytes_per_particle),
                      fmt::format("{:.0f}", most_bytes), cost.bytes_per_particle <= most_bytes);
    }
    table.title("Tunable clusters, median");
    for (const GrowthCost& cost : figures.tunable) add_time(table, cost);
    table.title("Box counting of 3-D DLA clusters");
    for (const BoxCountingCost& cost : figures.box_counting)
        table.row(fmt::format("{} particles (Df = {:.3f})", cost.particles, cost.df), seconds(cost.seconds));
    return table.text();
}

}  // namespace assistd::bench
