#include "cli/output.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>

#include "base/one_line.h"

namespace assistd::cli {
namespace {

// Only a terminal has an edge.
std::size_t columns_of(const std::ostream& err) {
    const bool is_terminal =
        err.rdbuf() == std::cerr.rdbuf() && ::isatty(STDERR_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1;
    return is_terminal ? terminal_size().columns : std::string::npos;
}

// The beginning, with a blank between the day and the time.
std::string when_to(std::size_t characters, const std::string& iso8601) {
    std::string text = iso8601.substr(0, characters);
    if (text.size() > 10) text[10] = ' ';
    return text;
}

}  // namespace

std::string json_text(const Json& document, int indent) {
    const std::string text = document.dump(indent, ' ', false, Json::error_handler_t::replace);
    std::string escaped;
    for (std::string_view rest = text; !rest.empty();) {
        const std::size_t steering = rest.front() == '\n' ? 0 : steering_character(rest);
        const std::string_view character = rest.substr(0, std::max<std::size_t>(steering, 1));
        // What steers stands within texts only, where JSON has another way to write it.
        if (steering > 0) {
            const std::string quoted = Json(character).dump(-1, ' ', true);
            escaped += quoted.substr(1, quoted.size() - 2);
        } else {
            escaped += character;
        }
        rest.remove_prefix(character.size());
    }
    return escaped;
}

std::string in_terminal(const Context& context, const std::string& text) {
    return context.terminal.interactive ? harmless(text) : text;
}

bool as_json(Context& context, const Json& document) {
    if (context.json) context.out << json_text(document, 2) << '\n';
    return context.json;
}

void add_users(std::vector<std::vector<std::string>>& rows, const Json& items) {
    rows.front().insert(rows.front().begin() + 1, "USER");
    for (std::size_t i = 0; i < items.size(); ++i)
        rows[i + 1].insert(rows[i + 1].begin() + 1, field(items[i], "user"));
}

void print_list(Context& context, const Json& page, const std::vector<std::vector<std::string>>& rows,
                const std::string& nothing, LastColumn last) {
    if (rows.size() <= 1) {
        context.out << nothing << '\n';
        return;
    }
    context.out << table(rows, context.terminal, last);
    const std::string next = field(page, "next_cursor");
    if (!next.empty()) context.out << "More: add --cursor " << harmless(next) << '\n';
}

void print_fields(Context& context, const std::vector<std::pair<std::string, std::string>>& fields) {
    std::size_t widest = 0;
    for (const auto& [name, value] : fields)
        if (!value.empty()) widest = std::max(widest, width(name));
    for (const auto& [name, value] : fields)
        if (!value.empty())
            context.out << name << std::string(widest - width(name) + 2, ' ')
                        << paragraph(context, value, widest + 2).substr(widest + 2) << '\n';
}

std::string field(const Json& object, const std::string& name) {
    if (!object.is_object()) return "";
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) return "";
    return found->is_string() ? found->get<std::string>()
                              : found->dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string tool_of(const Context& context, const Json& object, const std::string& name) {
    return context.titles.with_name(context.api, field(object, name));
}

std::string counted(const std::string& number, const std::string& noun) {
    return number + " " + noun + (number == "1" ? "" : "s");
}

std::string count_of(const Json& object, const std::string& name) {
    std::string digits = field(object, name);
    for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), ",");
    return digits;
}

std::string when(const std::string& iso8601) {
    return when_to(16, iso8601);
}

std::string when_exactly(const std::string& iso8601) {
    return when_to(19, iso8601);
}

std::string whose(const ListOptions& options) {
    if (options.all_users) return "&all=true";
    return options.user.empty() ? "" : "&user=" + HttpClient::escaped(options.user);
}

std::string query_of(const ListOptions& options, const std::string& filter_name) {
    std::string query = "?limit=" + std::to_string(options.limit);
    if (!options.cursor.empty()) query += "&cursor=" + HttpClient::escaped(options.cursor);
    if (!options.filter.empty()) query += "&" + filter_name + "=" + HttpClient::escaped(options.filter);
    return query + whose(options);
}

void tell(std::ostream& err, bool json, const Failure& failure) {
    if (!json) {
        err << wrapped(harmless("assistctl: " + std::string(failure.what())), columns_of(err), 0) << '\n';
        return;
    }
    const Json document = {
        {"error", {{"type", failure.type()}, {"code", failure.name()}, {"message", failure.what()}}}};
    err << json_text(document) << '\n';
}

std::string brief(const Json& arguments) {
    if (!arguments.is_object()) return arguments.is_null() ? "" : arguments.dump();
    std::string text;
    for (const auto& [name, value] : arguments.items())
        text += (text.empty() ? "" : ", ") + name + "=" +
                (value.is_string() ? value.get<std::string>() : value.dump());
    return text;
}

std::string paragraph(const Context& context, const std::string& text, std::size_t indent) {
    const std::string clean = harmless(text);
    return context.terminal.interactive ? wrapped(clean, context.terminal.columns, indent)
                                        : wrapped(clean, std::string::npos, indent);
}

void print_files(Context& context, const std::vector<Json>& artifacts) {
    if (artifacts.empty()) return;
    // In a pipe the answer goes elsewhere, and this to whoever looks on.
    std::ostream& to = context.terminal.interactive ? context.out : context.err;
    to << "\nFiles\n";
    for (const Json& artifact : artifacts) {
        const auto size = artifact.find("size");
        const long long bytes = size != artifact.end() && size->is_number() ? size->get<long long>() : 0;
        to << "  " << harmless(field(artifact, "handle")) << "  " << harmless(field(artifact, "name")) << "  "
           << size_text(bytes) << '\n';
    }
    const bool one = artifacts.size() == 1;
    to << "Fetch " << (one ? "it: " : "one: ") << context.api.program() << " artifacts get "
       << (one ? harmless(field(artifacts.front(), "handle")) : "HANDLE") << '\n';
}

std::string csv_cell(std::string text) {
    char* end = nullptr;
    std::strtod(text.c_str(), &end);
    const bool is_number = *end == '\0';
    if (!text.empty() && !is_number &&
        std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
        text.insert(0, 1, '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

}  // namespace assistd::cli
