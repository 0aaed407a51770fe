#include "plot/axis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace assistd::exporting {
namespace {

std::vector<std::string> labels(const std::vector<double>& values) {
    std::vector<std::string> labels;
    for (const Tick& tick : log_axis(values).ticks)
        if (!tick.label.empty()) labels.push_back(tick.label);
    return labels;
}

TEST(LogAxis, LabelsDecadesAsPowersOfTen) {
    EXPECT_EQ(labels({0.5, 3000}), (std::vector<std::string>{"10^{0}", "10^{1}", "10^{2}", "10^{3}"}));
    EXPECT_EQ(labels({0.002, 0.5}), (std::vector<std::string>{"10^{−2}", "10^{−1}"}));
}

TEST(LogAxis, LabelsOtherRoundNumbersOnAShortAxis) {
    EXPECT_EQ(labels({1.5, 30}), (std::vector<std::string>{"2", "5", "10", "20"}));
    EXPECT_EQ(labels({3.1, 5.5}), (std::vector<std::string>{"3", "4", "5"}));
    EXPECT_EQ(labels({7.4, 27}), (std::vector<std::string>{"8", "10", "20"}));
    EXPECT_EQ(labels({220, 420}), (std::vector<std::string>{"250", "300", "350", "400"}));
    EXPECT_EQ(labels({180, 700}), (std::vector<std::string>{"200", "300", "400", "500"}));
    EXPECT_EQ(labels({1.1e6, 7e6}), (std::vector<std::string>{"10^{6}", "2\u00d710^{6}", "5\u00d710^{6}"}));
    EXPECT_GE(labels({3.1, 3.4}).size(), 2u);
    // 70 and 90 would run into their neighbours.
    EXPECT_EQ(labels({64, 256}), (std::vector<std::string>{"60", "80", "100", "200"}));
}

TEST(LogAxis, HasThreeLabelsAndTicksBetweenThemWithinADecade) {
    for (double low = 1; low < 10; low *= 1.07)
        for (double high = low * 1.02; high < 9 * low; high *= 1.09) {
            std::size_t labelled = 0, others = 0;
            for (const Tick& tick : log_axis(std::vector<double>{low, high}).ticks)
                ++(tick.label.empty() ? others : labelled);
            EXPECT_GE(labelled, 2u) << low << " to " << high;
            EXPECT_LE(labelled, 7u) << low << " to " << high;
            EXPECT_GE(labelled + others, 5u) << low << " to " << high;
        }
}

TEST(LogAxis, LeavesOutLabelsOfALongAxis) {
    const std::vector<std::string> found = labels({1, 1e12});
    EXPECT_GE(found.size(), 4u);
    EXPECT_LE(found.size(), 7u);
}

TEST(LogAxis, HoldsEveryValueAndTick) {
    for (const auto& values : {std::vector<double>{1, 1e6}, {0.3, 0.31}, {7}, {}}) {
        const Axis axis = log_axis(values);
        for (const double value : values) {
            EXPECT_GT(axis.place(value), 0);
            EXPECT_LT(axis.place(value), 1);
        }
        for (const Tick& tick : axis.ticks) {
            EXPECT_GE(axis.place(tick.value), 0);
            EXPECT_LE(axis.place(tick.value), 1);
        }
        EXPECT_TRUE(std::is_sorted(axis.ticks.begin(), axis.ticks.end(),
                                   [](const Tick& a, const Tick& b) { return a.value < b.value; }));
    }
}

std::vector<std::string> linear_labels(const std::vector<double>& values, const LinearStyle& style = {}) {
    std::vector<std::string> labels;
    for (const Tick& tick : linear_axis(values, style).ticks)
        if (!tick.label.empty()) labels.push_back(tick.label);
    return labels;
}

TEST(LinearAxis, LabelsRoundNumbers) {
    EXPECT_EQ(linear_labels({1.72, 1.84}), (std::vector<std::string>{"1.75", "1.80"}));
    EXPECT_EQ(linear_labels({-2, 2}), (std::vector<std::string>{"−2", "−1", "0", "1", "2"}));
    EXPECT_EQ(linear_labels({3, 17}, {true, false}), (std::vector<std::string>{"0", "5", "10", "15"}));
    EXPECT_EQ(linear_labels({-0.4, 12.4}, {false, true}).front(), "0") << "no count is below";
    EXPECT_EQ(linear_labels({1, 3}, {true, true}), (std::vector<std::string>{"0", "1", "2", "3"}));
    EXPECT_EQ(linear_labels({1, 3}, {false, true}), (std::vector<std::string>{"1", "2", "3"}));
}

TEST(LinearAxis, HoldsEveryValueAndTick) {
    for (const auto& values : {std::vector<double>{1.7, 1.9}, {-3, 1e6}, {7}, {0}, {}}) {
        const Axis axis = linear_axis(values, {});
        for (const double value : values) {
            EXPECT_GT(axis.place(value), 0);
            EXPECT_LT(axis.place(value), 1);
        }
        for (const Tick& tick : axis.ticks) {
            EXPECT_GE(axis.place(tick.value), 0);
            EXPECT_LE(axis.place(tick.value), 1);
        }
    }
}

}  // namespace
}  // namespace assistd::exporting
