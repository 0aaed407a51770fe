#pragma once
// The plugin's tools, one function each, and what they take. Run on the call's thread.

#include <assistd/plugin.hpp>

#include "algorithms/limiting_case.h"
#include "tools/arguments.h"

namespace assistd::simulation {

struct DlaArguments : GrowthArguments {
    double sticking_probability = 1;
};
void describe(Fields<DlaArguments>& fields);
Result run_dla_simulation(Call& call, const DlaArguments& arguments);

struct CcaArguments : GrowthArguments {
    double sticking_probability = 1;
    std::optional<double> box_size;
    std::optional<double> volume_fraction;
    bool single_agglomerate = true;
    std::optional<std::size_t> clusters_left;
};
void describe(Fields<CcaArguments>& fields);
Result run_cca_simulation(Call& call, const CcaArguments& arguments);

Result run_ballistic_simulation(Call& call, const GrowthArguments& arguments);
Result run_ballistic_cc_simulation(Call& call, const GrowthArguments& arguments);

struct EdenArguments : GrowthArguments {
    double growth_probability = 1;
};
void describe(Fields<EdenArguments>& fields);
Result run_eden_simulation(Call& call, const EdenArguments& arguments);

enum class TunableMethod { cluster_cluster, particle_cluster };
void describe(Names<TunableMethod>& names);
struct TunableArguments : RandomArguments {
    double target_df = 0;
    double target_kf = 1.3;
    TunableMethod method = TunableMethod::cluster_cluster;
    std::optional<std::size_t> seed_cluster_size;
};
void describe(Fields<TunableArguments>& fields);
Result run_tunable_simulation(Call& call, const TunableArguments& arguments);

void describe(Names<Configuration>& names);
void describe(Names<Packing>& names);
struct LimitingArguments : SphereArguments {
    std::string geometry;
    std::optional<Configuration> configuration;
    std::optional<Packing> packing;
    std::optional<int> layers;
    std::optional<std::size_t> n_particles;
};
void describe(Fields<LimitingArguments>& fields);
Result run_limiting_case(Call& call, const LimitingArguments& arguments);

// Any of them by the name of its algorithm; takes what any of them takes.
Json run_simulation_input();
Result run_simulation(Call& call, const Json& arguments);
Result list_algorithms(Call& call, const NoArguments& arguments);

struct ListArguments {
    std::optional<std::string> project_id;
    std::optional<std::string> algorithm;
    std::optional<std::string>
        regime;  // diffusion_limited or reaction_limited; none: both, and what has none
    std::optional<int> dimensions;
    std::optional<std::string> status;
    std::optional<std::string> sort_by;  // none: newest first
    std::optional<std::string> order;
    std::size_t limit = 20;
};
void describe(Fields<ListArguments>& fields);
Result list_simulations(Call& call, const ListArguments& arguments);

struct DetailsArguments {
    std::optional<Artifact> simulation;
    std::optional<std::string> job_id;
};
void describe(Fields<DetailsArguments>& fields);
Result get_simulation_details(Call& call, const DetailsArguments& arguments);

}  // namespace assistd::simulation
