#include "table/csv.h"

#include "properties.h"

namespace assistd::exporting {

std::string csv_field(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string csv_value(const Json& value) {
    return value.is_null() ? "" : csv_field(as_text(value));
}

std::string csv_heading(const std::string& name, const std::string& unit) {
    return csv_field(unit == "-" || unit == "1" ? name : name + " [" + unit + "]");
}

void write_line(TextSink& file, const std::vector<std::string>& fields) {
    const char* separator = "";
    for (const std::string& field : fields) {
        file << separator << field;
        separator = ",";
    }
    file << "\n";
}

}  // namespace assistd::exporting
