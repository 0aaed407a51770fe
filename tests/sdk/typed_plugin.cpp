// A plugin whose tools are all described in C++: one member of each type that a field may have. It is linked
// into the tests and built as a library.

#include <assistd/plugin.hpp>
#include <atomic>
#include <thread>
#include <vector>

namespace typed {

using assistd::Call;
using assistd::Fields;
using assistd::Json;
using assistd::Result;

enum class Lattice { cubic, hexagonal };
void describe(assistd::Names<Lattice>& names) {
    names.add("cubic", Lattice::cubic).add("hexagonal", Lattice::hexagonal);
}

struct Grid {
    int cells = 0;
    std::array<double, 2> origin{};
};
void describe(Fields<Grid>& fields) {
    fields.required("cells", &Grid::cells, "Cells a side").range(1, 64);
    fields.optional("origin", &Grid::origin, "Of the first cell").each().range(-10, 10);
}

// Members that two structs share.
struct Named {
    std::string name = "run";
};
void describe(Fields<Named>& fields) {
    fields.optional("name", &Named::name, "Of the result");
}

struct Everything : Named {
    assistd::Artifact source;
    std::vector<assistd::Artifact> others;
    std::optional<assistd::Artifact> mask;
    bool periodic = true;
    int count = 0;
    unsigned char level = 3;
    double factor = 0.5;
    std::optional<double> cutoff;
    std::string code;
    Lattice lattice = Lattice::hexagonal;
    int dimensions = 3;
    std::vector<double> weights{1, 2};
    std::vector<Grid> grids;
    std::map<std::string, double> constants;
    assistd::Json note;
};
void describe(Fields<Everything>& fields) {
    fields.include<Named>();
    fields.required("source", &Everything::source, "What to read").kinds({"simulation", "analysis"});
    fields.optional("others", &Everything::others, "More of them").kinds({"simulation"}).items(0, 2).unique();
    fields.optional("mask", &Everything::mask, "What to leave out");
    fields.optional("periodic", &Everything::periodic, "Whether it goes round");
    fields.required("count", &Everything::count, "How many");
    fields.optional("level", &Everything::level, "How deep");
    fields.optional("factor", &Everything::factor, "Of growth").more_than(0).less_than(1);
    fields.optional("cutoff", &Everything::cutoff, "Where to stop").at_least(0.25);
    fields.required("code", &Everything::code, "Of the run").length(2, 4).pattern("^[a-zö]+$");
    fields.optional("lattice", &Everything::lattice, "Which lattice");
    fields.optional("dimensions", &Everything::dimensions, "2 or 3").one_of({2, 3});
    fields.optional("weights", &Everything::weights, "Of each").min_items(1).each().at_most(10);
    fields.optional("grids", &Everything::grids, "Where to look").max_items(2);
    fields.optional("constants", &Everything::constants, "By name");
    fields.optional("note", &Everything::note, "Anything");
}

// Says what it was given.
Result take_everything(Call&, const Everything& given) {
    return {assistd::as_json(given), "Taken."};
}

struct Sum {
    double total = 0;
    std::vector<Grid> grids;
    std::optional<std::string> remark;
};
void describe(Fields<Sum>& fields) {
    fields.required("total", &Sum::total, "Of the weights");
    fields.required("grids", &Sum::grids, "As they were used");
    fields.optional("remark", &Sum::remark, "What is odd about it");
}

struct Weights {
    std::vector<double> weights;
};
void describe(Fields<Weights>& fields) {
    fields.required("weights", &Weights::weights, "To be added");
}

assistd::ResultOf<Sum> add_up(Call&, const Weights& given) {
    Sum sum;
    for (const double weight : given.weights) sum.total += weight;
    sum.grids.push_back({4, {0, 1}});
    if (given.weights.empty()) sum.remark = "There were none.";
    return {sum, "Added up."};
}

struct Copy {
    assistd::Artifact source;
    std::string name = "copy.txt";
};
void describe(Fields<Copy>& fields) {
    fields.required("source", &Copy::source, "What to copy");
    fields.optional("name", &Copy::name, "Of the copy");
}

// Line by line, from a stream to a writer.
Result copy_lines(Call& call, const Copy& given) {
    auto source = given.source.stream();
    auto copy = call.artifact_writer("text", given.name, "text/plain");
    std::size_t lines = 0;
    for (std::string line; std::getline(source, line); ++lines) copy << line << '\n';
    copy.finish({{"lines", lines}});
    return {{{"lines", lines}, {"bytes", copy.size()}}, "Copied."};
}

struct Rounds {
    std::size_t rounds = 1000;
};
void describe(Fields<Rounds>& fields) {
    fields.optional("rounds", &Rounds::rounds, "How often").at_most(1'000'000'000'000);
}

Result go_round(Call& call, const Rounds& given) {
    std::size_t sum = 0;
    for (const std::size_t i : call.steps(given.rounds, "going round")) sum += i;
    return {{{"sum", sum}}, "Went round."};
}

// Four threads that work until they are told to stop.
Result wait_in_threads(Call& call, const assistd::NoArguments&) {
    std::vector<std::thread> threads;
    std::atomic<int> stopped = 0;
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([token = call.cancel_token(), &stopped] {
            while (!token.cancelled()) std::this_thread::yield();
            ++stopped;
        });
    for (std::thread& thread : threads) thread.join();
    if (stopped != 4) throw std::logic_error("not all have stopped");
    call.check_cancelled();
    return {{}, "Nobody stopped it."};
}

// What either of two tools takes.
Json either_input() {
    Json input = assistd::schema_of<Rounds>();
    input["properties"].update(assistd::schema_of<Weights>().at("properties"));
    return input;
}
Result take_either(Call& call, const Json& given) {
    if (given.contains("rounds")) return go_round(call, assistd::read_arguments<Rounds>(given, call));
    return {assistd::as_json(add_up(call, assistd::read_arguments<Weights>(given, call)).data), "Taken."};
}

}  // namespace typed

ASSISTD_PLUGIN(tools) {
    tools.add<typed::Everything>("take_everything", typed::take_everything);
    tools.add<typed::Weights>("add_up", typed::add_up);
    tools.add<typed::Copy>("copy_lines", typed::copy_lines);
    tools.add<typed::Rounds>("go_round", typed::go_round);
    tools.add<assistd::NoArguments>("wait_in_threads", typed::wait_in_threads);
    tools.add("take_either", typed::either_input, typed::take_either);
    tools.add("plain", [](assistd::Call& call, const assistd::Json& arguments) -> assistd::Result {
        call.write_artifact("text", "plain.txt", "text/plain", "plain");
        if (arguments.contains("fail")) throw std::runtime_error("It was to fail.");
        return {{{"given", arguments}}, "Plain."};
    });
}
