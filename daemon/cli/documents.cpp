// assistctl documents: adds, lists, searches and deletes what answers rest on.

#include <chrono>
#include <ostream>
#include <thread>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/transfer.h"

namespace assistd::cli {
namespace {

constexpr std::chrono::milliseconds pause_between_looks{200};

std::string path_to(const std::string& id) {
    if (id.empty()) throw Failure(ExitCode::usage, "The id must not be empty.");
    return "/documents/" + HttpClient::escaped(id);
}

std::string error_of(const Json& document) {
    return field(document.value("error", Json::object()), "message");
}

// A document that is read now is so in a moment; a long one takes its time.
Json when_read(const Context& context, Json document) {
    while (field(document, "status") == "in_progress") {
        std::this_thread::sleep_for(pause_between_looks);
        document = context.api.get(path_to(field(document, "id")));
    }
    return document;
}

}  // namespace

ExitCode list_documents(Context& context, const ListOptions& options) {
    const Json page = context.api.get("/documents" + query_of(options, "status"));
    if (as_json(context, page)) return ExitCode::good;
    std::vector<std::vector<std::string>> rows = {{"ID", "ADDED", "STATUS", "NAME"}};
    for (const Json& item : page.value("documents", Json::array())) {
        const std::string error = error_of(item);
        const std::string name = field(item, "name");
        // Many of the sentences begin with the name.
        rows.push_back({field(item, "id"), when(field(item, "created_at")), field(item, "status"),
                        error.starts_with(name) ? error
                        : error.empty()         ? name
                                                : name + ": " + error});
    }
    print_list(context, page, rows, "There are no documents.", LastColumn::wraps);
    return ExitCode::good;
}

ExitCode add_documents(Context& context, const std::vector<std::string>& files) {
    // All are uploaded first, so that the daemon reads several at once.
    std::vector<Added> added;
    std::vector<std::string> left_out;
    for (const std::string& file : files) {
        try {
            added.push_back(add_document(context, file));
        } catch (const Unreachable&) {
            throw;
        } catch (const Failure& failure) {
            const std::string sentence = failure.what();
            left_out.push_back(sentence.starts_with(file) ? sentence : file + ": " + sentence);
        }
    }
    bool good = left_out.empty();
    Json all = Json::array();
    for (const auto& [one, was_there] : added) {
        const Json document = when_read(context, one);
        good = good && field(document, "status") == "completed";
        all.push_back(document);
        if (context.json) continue;
        const std::string error = error_of(document);
        context.out << harmless(field(document, "id") + "  " +
                                (error.empty() ? field(document, "name") + " can be searched." : error))
                    << (was_there ? "  (you have this already)" : "") << '\n';
    }
    Json told = {{"documents", all}};
    if (!left_out.empty()) told["not_added"] = left_out;
    if (!as_json(context, told))
        for (const std::string& sentence : left_out)
            context.err << "assistctl: " << harmless(sentence) << '\n';
    return good ? ExitCode::good : ExitCode::failed;
}

ExitCode search_documents(Context& context, const std::string& query, int limit) {
    const Json found = context.api.post("/documents/search", {{"query", query}, {"limit", limit}});
    if (as_json(context, found)) return ExitCode::good;
    const Json passages = found.value("passages", Json::array());
    if (passages.empty()) context.out << "Nothing fits.\n";
    for (const Json& passage : passages) {
        std::string place = field(passage, "name");
        if (!field(passage, "page").empty()) place += ", page " + field(passage, "page");
        if (!field(passage, "heading").empty()) place += ", " + field(passage, "heading");
        context.out << harmless(place) << '\n' << paragraph(context, field(passage, "text"), 2) << "\n\n";
    }
    return ExitCode::good;
}

ExitCode show_document(Context& context, const std::string& id) {
    const Json document = context.api.get(path_to(id));
    if (as_json(context, document)) return ExitCode::good;
    print_fields(context, {{"id", field(document, "id")},
                           {"name", field(document, "name")},
                           {"status", field(document, "status")},
                           {"error", error_of(document)},
                           {"bytes of text", field(document, "text_bytes")},
                           {"added", when(field(document, "created_at"))}});
    return ExitCode::good;
}

ExitCode delete_document(Context& context, const std::string& id) {
    context.api.remove(path_to(id));
    if (!as_json(context, {{"id", id}, {"deleted", true}}))
        context.out << harmless("Deleted " + id + ".") << '\n';
    return ExitCode::good;
}

}  // namespace assistd::cli
