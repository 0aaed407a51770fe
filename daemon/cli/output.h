#pragma once
// How answers are written for people: fields, tables, files. Used by the commands. One thread.

#include <string>
#include <utility>
#include <vector>

#include "cli/commands.h"

namespace assistd::cli {

// The same document, in which nothing steers the terminal that it may be printed to. `indent`: of its lines;
// below 0 it is one.
std::string json_text(const Json& document, int indent = -1);
// What goes to a program as it is: harmless where a person reads it.
std::string in_terminal(const Context& context, const std::string& text);

// With --json: the document as it came. True when that was all.
bool as_json(Context& context, const Json& document);
// A list's rows under their heading, or `nothing`; and how to get the next page.
void print_list(Context& context, const Json& page, const std::vector<std::vector<std::string>>& rows,
                const std::string& nothing, LastColumn last = LastColumn::cut);
// Puts whose each of the items is behind its id, the first column.
void add_users(std::vector<std::vector<std::string>>& rows, const Json& items);
// "name   value" for each field that is not empty.
void print_fields(Context& context, const std::vector<std::pair<std::string, std::string>>& fields);

// "1 tool", "2 tools"; the number as a member has it.
std::string counted(const std::string& number, const std::string& noun);
// The tool that a member names, as people know it: "Eden growth (run_eden_simulation)".
std::string tool_of(const Context& context, const Json& object, const std::string& name = "tool");
// A member as text for people: "" when it is missing or null, JSON when it is no text.
std::string field(const Json& object, const std::string& name);
std::string count_of(const Json& object, const std::string& name);  // of a whole number: "12,345"
std::string when(const std::string& iso8601);                       // "2026-03-01 12:00"
std::string when_exactly(const std::string& iso8601);               // "2026-03-01 12:00:31"
// "&user=NAME", "&all=true" or nothing.
std::string whose(const ListOptions& options);
std::string query_of(const ListOptions& options, const std::string& filter_name);

// A sentence for people or, with --json, {"error": {"type", "code", "message"}}.
void tell(std::ostream& err, bool json, const Failure& failure);
// "n_particles=500, dimensions=2"
std::string brief(const Json& arguments);
// A paragraph that is wrapped to the terminal's width, and in a pipe is left as it is.
std::string paragraph(const Context& context, const std::string& text, std::size_t indent = 0);

// A field of a CSV file (RFC 4180): in quotes where it must be. Spreadsheets would take a text that begins
// like a formula for one, so such a text gets an apostrophe in front; numbers stay.
std::string csv_cell(std::string text);

// The files that a turn or call made, a line for each, and how to fetch them. In a pipe they are told on
// standard error.
void print_files(Context& context, const std::vector<Json>& artifacts);

}  // namespace assistd::cli
