#include "assistd/plugin.hpp"

#include "tools.h"

ASSISTD_PLUGIN(tools) {
    tools.add("run_box_counting", assistd::analysis::run_box_counting);
    tools.add("compare_simulations", assistd::analysis::compare_simulations);
}
