#include "report/cells.h"

namespace assistd::exporting {

Text dash() {
    return Text("\u2013");
}

std::optional<double> number_at(const Json& data, const char* pointer) {
    const Json::json_pointer path{pointer};
    if (!data.contains(path) || !data.at(path).is_number()) return std::nullopt;
    return data.at(path).get<double>();
}

Text number_cell(const Json& data, const char* pointer, const char* error, double scale) {
    const auto value = number_at(data, pointer);
    if (!value) return dash();
    Text text;
    text.cell(*value * scale, error ? number_at(data, error).value_or(0) * scale : 0);
    return text;
}

Text given_cell(const Json& data, const char* pointer) {
    const auto value = number_at(data, pointer);
    return value ? Text().given(*value) : dash();
}

Text plain_cell(const Json& data, const char* key) {
    const auto found = data.find(key);
    if (found == data.end() || (!found->is_number() && !found->is_string())) return dash();
    const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
    return text.empty() ? dash() : Text() << one_line(text, 60);
}

Text spread_cell(const std::optional<Spread>& spread) {
    if (!spread) return dash();
    Text text;
    text.cell(spread->mean, spread->deviation);
    return text;
}

Text in_brackets(const std::string& unit) {
    if (unit.empty() || unit == "1" || unit == "^2") return {};
    if (unit == "a") return Text(" (*a*)");
    if (unit == "a^2") return Text(" (*a*^{2})");
    if (unit.ends_with("^2"))
        return Text(" (") << one_line(unit.substr(0, unit.size() - 2), 30) << Text("^{2})");
    return Text(" (") << one_line(unit, 30) << ")";
}

}  // namespace assistd::exporting
