// The numbers of a simulation as CSV tables. The first line has the columns' names with their units, "rg
// [a]"; every other line is data, so that spreadsheets, NumPy and pandas read a table without being told
// anything.

#include "inline_content.h"
#include "properties.h"
#include "source.h"
#include "tools.h"

namespace assistd::exporting {
namespace {

// A field as RFC 4180 wants it.
std::string field(const std::string& text) {
    if (text.find_first_of(",\"\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

// "rg [a]"; plain numbers and text have no unit.
std::string heading(const std::string& name, const std::string& unit) {
    return field(unit == "-" || unit == "1" ? name : name + " [" + unit + "]");
}

void write_properties(const std::vector<Property>& properties, TextSink& file) {
    const auto line = [&](auto text_of) {
        const char* separator = "";
        for (const Property& property : properties) {
            file << separator << text_of(property);
            separator = ",";
        }
        file << "\n";
    };
    line([](const Property& property) { return heading(property.name, property.unit); });
    line([](const Property& property) { return field(as_text(property.value)); });
}

void write_growth(const Pairs& growth, const std::string& length_unit, TextSink& file) {
    file << "n," << heading("rg", length_unit) << "\n";
    for (std::size_t i = 0; i < growth.first.size(); ++i)
        file << growth.first[i] << "," << growth.second[i] << "\n";
}

}  // namespace

void describe(Fields<TableArguments>& fields) {
    using Arguments = TableArguments;
    fields.required("simulation", &Arguments::simulation, "Whose results to export").kinds({"simulation"});
    fields.optional("inline", &Arguments::with_content,
                    "Also return the text of each table that is at most 50 KB");
}

Result export_simulation_csv(Call& call, const TableArguments& arguments) {
    const Artifact& simulation = arguments.simulation;
    const std::string handle(simulation.handle());
    const Json metadata = simulation.metadata();
    const std::vector<Property> properties = properties_of(handle, metadata);
    if (properties.size() < 2)
        throw invalid_argument("simulation", handle + " reports no results that could be exported.");
    const Pairs growth = positive_pairs(metadata.value("rg_evolution", Json::object()), "n", "rg");

    Json files = Json::array();
    const auto store = [&](const std::string& name, const std::string& table, std::size_t rows, auto write) {
        TextSink file(
            call.create_artifact("table", name, "text/csv",
                                 {{"name", name}, {"simulation", handle}, {"table", table}, {"rows", rows}}));
        write(file);
        file.flush();
        Json entry{{"file", name}, {"table", table}, {"rows", rows}, {"size", file.size()}};
        if (arguments.with_content) add_content(entry, file);
        files.push_back(entry);
    };
    store(handle + "-properties.csv", "properties", 1,
          [&](TextSink& file) { write_properties(properties, file); });
    std::string summary = "Exported the properties of " + handle;
    if (growth.first.empty()) {
        summary += "; it reports no growth curve.";
    } else {
        store(handle + "-rg-evolution.csv", "rg_evolution", growth.first.size(),
              [&](TextSink& file) { write_growth(growth, length_unit_of(metadata), file); });
        summary += " and its growth curve (" + std::to_string(growth.first.size()) + " points) as CSV.";
    }
    return {{{"simulation", handle}, {"files", files}}, summary};
}

}  // namespace assistd::exporting
