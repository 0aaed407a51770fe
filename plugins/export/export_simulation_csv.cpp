// The numbers of a simulation as CSV tables.

#include "properties.h"
#include "source.h"
#include "table/csv.h"
#include "table/files.h"
#include "tools.h"

namespace assistd::exporting {
namespace {

void write_properties(const std::vector<Property>& properties, TextSink& file) {
    std::vector<std::string> names, values;
    for (const Property& property : properties) {
        names.push_back(csv_heading(property.name, property.unit));
        values.push_back(csv_value(property.value));
    }
    write_line(file, names);
    write_line(file, values);
}

void write_growth(const Pairs& growth, const std::string& length_unit, TextSink& file) {
    file << "n," << csv_heading("rg", length_unit) << "\n";
    for (std::size_t i = 0; i < growth.first.size(); ++i)
        file << growth.first[i] << "," << growth.second[i] << "\n";
}

}  // namespace

void describe(Fields<TableArguments>& fields) {
    using Arguments = TableArguments;
    fields.required("simulation", &Arguments::simulation, "Whose results to export").kinds({"simulation"});
    fields.optional("inline", &Arguments::with_content,
                    "Also return the text of each table that is at most 50 kB");
}

Result export_simulation_csv(Call& call, const TableArguments& arguments) {
    const Artifact& simulation = arguments.simulation;
    const std::string handle(simulation.handle());
    const Json metadata = simulation.metadata();
    const std::vector<Property> properties = properties_of(handle, metadata);
    if (properties.size() < 2)
        throw invalid_argument("simulation", handle + " reports no results that could be exported.");
    const Pairs growth = positive_pairs(metadata.value("rg_evolution", Json::object()), "n", "rg");

    TableFiles files(call, {{"simulation", handle}}, arguments.with_content);
    files.store(handle + "-properties.csv", "properties", 1,
                [&](TextSink& file) { write_properties(properties, file); });
    std::string summary = "Exported the properties of " + handle;
    if (growth.first.empty()) {
        summary += "; it reports no growth curve.";
    } else {
        files.store(handle + "-rg-evolution.csv", "rg_evolution", growth.first.size(),
                    [&](TextSink& file) { write_growth(growth, length_unit_of(metadata), file); });
        summary += " and its growth curve (" + std::to_string(growth.first.size()) + " points) as CSV.";
    }
    return {{{"simulation", handle}, {"files", files.entries()}}, summary};
}

}  // namespace assistd::exporting
