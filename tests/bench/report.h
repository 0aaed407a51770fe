#pragma once
// The benchmark's figures as a table for people, with the goals beside them, and as JSON.

#include <optional>
#include <string>
#include <vector>

#include "measure.h"

namespace assistd::bench {

struct Floors {
    int clients = 0;
    Throughput each_write;
    Throughput group;
};

struct Report {
    std::vector<Floors> floors;
    std::optional<StartFigures> start;
    int window = 0;  // the model's, in tokens
    std::optional<DaemonFigures> daemon;
};

std::string as_table(const Report& report);
std::string as_json(const Report& report);

}  // namespace assistd::bench
