// assistctl conversations: lists, shows, renames, archives, exports and deletes them.

#include <cerrno>
#include <cstring>
#include <fstream>
#include <ostream>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/talk.h"

namespace assistd::cli {
namespace {

std::string path_to(const std::string& id) {
    if (id.empty()) throw Failure(ExitCode::usage, "The conversation's id must not be empty.");
    return "/conversations/" + HttpClient::escaped(id);
}

Json items(const Json& page, const char* name) {
    const auto found = page.find(name);
    return found != page.end() && found->is_array() ? *found : Json::array();
}

void done(Context& context, const Json& document, const std::string& sentence) {
    if (!as_json(context, document)) context.out << harmless(sentence) << '\n';
}

// "calls DLA simulation (run_dla_simulation) with n_particles=500"
std::string call_of(const Context& context, const Json& call) {
    const Json function = call.value("function", Json::object());
    const Json arguments = Json::parse(field(function, "arguments"), nullptr, false);
    const std::string words = arguments.is_discarded() ? field(function, "arguments") : brief(arguments);
    return "calls " + tool_of(context, function, "name") + (words.empty() ? "" : " with " + words);
}

// A tool's result in a sentence with its files; --json has the numbers.
std::string result_of(const Json& message) {
    const std::string content = field(message, "content");
    const Json result = Json::parse(content, nullptr, false);
    if (!result.is_object()) return content;
    const std::string error = field(result.value("error", Json::object()), "message");
    if (!error.empty()) return "failed: " + error;
    std::string text = field(result, "summary");
    if (text.empty()) return content;
    std::string handles;
    for (const Json& artifact : items(result, "artifacts"))
        handles += (handles.empty() ? "" : ", ") + field(artifact, "handle");
    return handles.empty() ? text : text + " (" + handles + ")";
}

// The conversation with all of its messages, page by page: it may be of any length.
Json whole_conversation(const Context& context, const std::string& id) {
    Json whole = context.api.get(path_to(id));
    whole["messages"] = Json::array();
    std::string cursor;
    do {
        const Json page = context.api.get(path_to(id) + "/messages?limit=100" +
                                          (cursor.empty() ? "" : "&cursor=" + HttpClient::escaped(cursor)));
        for (const Json& message : items(page, "messages")) whole["messages"].push_back(message);
        cursor = field(page, "next_cursor");
    } while (!cursor.empty());
    return whole;
}

std::string attachment_of(const Json& file) {
    const std::string handle = field(file, "handle");
    const std::string name = field(file, "name");
    return "attached: " + (handle.empty() ? field(file, "artifact") : handle) +
           (name.empty() ? "" : ", " + name);
}

// What people read: who said what, and what was done in between.
std::string as_markdown(const Context& context, const Json& whole) {
    const std::string title = field(whole, "title");
    std::string text = "# " + (title.empty() ? field(whole, "id") : title) + "\n";
    std::string speaker;
    for (const Json& message : items(whole, "messages")) {
        const std::string role = field(message, "role");
        const std::string now = role == "tool" ? "assistant" : role;
        if (now != speaker) text += "\n## " + now + ", " + when(field(message, "created_at")) + "\n";
        speaker = now;
        if (role == "tool") {
            text += "\n* " + tool_of(context, message, "name") + ": " + result_of(message) + "\n";
            continue;
        }
        const std::string content = field(message, "content");
        if (!content.empty())
            text += "\n" + (role == "system" ? context.titles.in(context.api, content) : content) + "\n";
        for (const Json& file : items(message, "attachments")) text += "\n* " + attachment_of(file) + "\n";
        for (const Json& call : items(message, "tool_calls")) text += "\n* " + call_of(context, call) + "\n";
    }
    return text;
}

}  // namespace

ExitCode list_conversations(Context& context, const ListOptions& options) {
    std::string query = query_of(options, "q");
    if (!options.project.empty())
        query += "&project_id=" + HttpClient::escaped(project_id(context, options.project));
    if (options.archived) query += "&archived=true";
    const Json page = context.api.get("/conversations" + query);
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"ID", "UPDATED", "MSGS", "TITLE"}};
    for (const Json& item : items(page, "conversations")) {
        const std::string title = field(item, "title");
        rows.push_back({field(item, "id"), when(field(item, "updated_at")), field(item, "message_count"),
                        title.empty() ? field(item, "first_message_preview") : title});
    }
    print_list(context, page, rows, "There are no conversations.", LastColumn::wraps);
    return ExitCode::good;
}

ExitCode show_conversation(Context& context, const std::string& id) {
    const Json conversation = context.api.get(path_to(id));
    if (as_json(context, conversation)) return ExitCode::good;
    print_fields(context, {{"id", field(conversation, "id")},
                           {"title", field(conversation, "title")},
                           {"project", field(conversation, "project_id")},
                           {"model", field(conversation, "model")},
                           {"created", when(field(conversation, "created_at"))},
                           {"updated", when(field(conversation, "updated_at"))}});
    for (const Json& message : items(conversation, "messages")) {
        const std::string tool = tool_of(context, message, "name");
        const bool is_notice = field(message, "role") == "system";
        context.out << '\n' << harmless(field(message, "role") + (tool.empty() ? "" : " " + tool)) << ":\n";
        std::string content = tool.empty() ? field(message, "content") : result_of(message);
        if (is_notice) content = context.titles.in(context.api, content);
        if (!content.empty()) context.out << paragraph(context, content, 2) << '\n';
        for (const Json& file : items(message, "attachments"))
            context.out << paragraph(context, attachment_of(file), 2) << '\n';
        for (const Json& call : items(message, "tool_calls"))
            context.out << paragraph(context, call_of(context, call), 2) << '\n';
    }
    const std::string ending = how_it_ended(context, id, items(conversation, "messages"));
    if (!ending.empty()) context.out << '\n' << paragraph(context, "(" + ending + ")") << '\n';
    return ExitCode::good;
}

ExitCode rename_conversation(Context& context, const std::string& id, const std::string& title) {
    const Json changed = context.api.patch(path_to(id), {{"title", title}});
    done(context, changed, id + " is called \"" + title + "\" now.");
    return ExitCode::good;
}

ExitCode export_conversation(Context& context, const std::string& id, const std::string& format,
                             const std::string& file) {
    const Json whole = whole_conversation(context, id);
    const std::string text = format == "json"
                                 ? whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"
                                 : as_markdown(context, whole);
    if (file.empty() || file == "-") {
        context.out << in_terminal(context, text);
        return ExitCode::good;
    }
    std::ofstream to(file, std::ios::binary);
    to << text << std::flush;
    if (!to) throw Failure(ExitCode::failed, file + " cannot be written: " + std::strerror(errno) + ".");
    done(context, {{"id", id}, {"file", file}}, "Wrote " + file + ".");
    return ExitCode::good;
}

ExitCode delete_conversation(Context& context, const std::string& id) {
    context.api.remove(path_to(id));
    done(context, {{"id", id}, {"deleted", true}}, "Deleted " + id + ".");
    return ExitCode::good;
}

ExitCode archive_conversation(Context& context, const std::string& id) {
    const Json changed = context.api.post(path_to(id) + "/archive", Json::object());
    done(context, changed, "Archived " + id + ".");
    return ExitCode::good;
}

ExitCode unarchive_conversation(Context& context, const std::string& id) {
    const Json changed = context.api.post(path_to(id) + "/unarchive", Json::object());
    done(context, changed, "Took " + id + " out of the archive.");
    return ExitCode::good;
}

}  // namespace assistd::cli
