// assistctl import openai-export: sends what was exported from OpenAI's Assistants API through the daemon's
// own Assistants API, in an order in which everything that is referred to is there already.

#include <algorithm>
#include <chrono>
#include <ostream>

#include "base/base64.h"
#include "cli/commands.h"
#include "cli/import_map.h"
#include "cli/openai_export.h"
#include "cli/openai_objects.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t files_at_once = 500;  // of a vector store

struct Count {
    int imported = 0;
    int there_already = 0;
};

class Importer {
  public:
    Importer(Context& context, const ImportOptions& options)
        : context_(context),
          export_(options.file),
          map_(options.map.empty() ? options.file + ".map" : options.map, context.api.http().server()),
          objects_(
              [this](const std::string& old_id) {
                  const std::string* id = map_.find(old_id);
                  return id ? *id : std::string();
              },
              options.model) {}

    void run() {
        const auto begun = Clock::now();
        if (map_.was_begun()) check_map();
        for (const char* type : {"file", "vector_store", "assistant"})
            for (const ExportedObject& object : export_.of(type))
                take(object, [&] { return create(object); });
        for (const ExportedObject& thread : export_.of("thread")) {
            take(thread, [&] { return create(thread); });
            const std::string id = *map_.find(thread.id);
            for (const ExportedObject& message : export_.messages_of(thread.id))
                take(message, [&] { return create_message(message, id); });
        }
        tell(std::chrono::duration<double>(Clock::now() - begun).count());
    }

  private:
    Json ask(const std::string& method, const std::string& path, const Json& body = Json());
    Json post(const std::string& path, const Json& request);
    void check_map();
    template <class Create>
    void take(const ExportedObject& object, Create create);
    std::string create(const ExportedObject& object);
    std::string create_file(const Json& object);
    std::string create_vector_store(const ExportedObject& object);
    std::string create_message(const ExportedObject& object, const std::string& thread);
    std::string find_unrecorded(const std::string& path, const std::string& old_id);
    void show_progress();
    void tell(double seconds);

    Context& context_;
    OpenAiExport export_;
    ImportMap map_;
    OpenAiObjects objects_;
    std::map<std::string, Count> counts_;
    std::size_t done_ = 0;
    // The last run may have ended between an answer of the daemon and the map. Until an object is found
    // missing.
    bool may_be_unrecorded_ = false;
    Clock::time_point shown_ = Clock::now();
};

Json Importer::ask(const std::string& method, const std::string& path, const Json& body) {
    HttpRequest request;
    request.method = method;
    request.path = "/v1" + path;
    if (!body.is_null()) request.body = body.dump();
    request.headers = {"Accept: application/json", "OpenAI-Beta: assistants=v2"};
    return ApiClient::read(context_.api.http().send(std::move(request)), context_.api.http().server());
}

// Once more without the code interpreter when that may be what is refused.
Json Importer::post(const std::string& path, const Json& request) {
    const Json plain = without_code_interpreter(request);
    try {
        return ask("POST", path, request);
    } catch (const Unreachable&) {
        throw;
    } catch (const Failure& failure) {
        if (plain == request || failure.type() != "invalid_request_error") throw;
    }
    Json made = ask("POST", path, plain);
    objects_.note("the tool code_interpreter was left out: no plugin offers it here");
    return made;
}

// A map that is not of this server's state would skip what is missing.
void Importer::check_map() {
    may_be_unrecorded_ = true;
    for (const auto& [type, path] :
         {std::pair("thread", "/threads/"), {"assistant", "/assistants/"}, {"file", "/files/"}})
        for (const ExportedObject& object : export_.of(type)) {
            const std::string* id = map_.find(object.id);
            if (!id) continue;
            try {
                ask("GET", path + HttpClient::escaped(*id));
                return;
            } catch (const Unreachable&) {
                throw;
            } catch (const Failure&) {
                throw Failure(ExitCode::failed, "\"" + map_.path().string() + "\" says that " +
                                                    harmless(object.id) + " was imported as " +
                                                    harmless(*id) +
                                                    ", but the daemon has no such object. When its state "
                                                    "is a new one, remove that file to import anew.");
            }
        }
}

template <class Create>
void Importer::take(const ExportedObject& object, Create create) {
    ++done_;
    Count& count = counts_[object.type];
    if (map_.find(object.id)) {
        ++count.there_already;
        return;
    }
    std::string id;
    try {
        id = create();
    } catch (const Unreachable&) {
        throw;
    } catch (const Failure& failure) {
        throw Failure(failure.code(),
                      "Line " + std::to_string(object.line) + ", " + object.type + " " + harmless(object.id) +
                          ": " + failure.what() +
                          " What came before it is imported; the same command goes on from there.",
                      failure.type(), failure.name());
    }
    map_.add(object.id, id);
    ++count.imported;
    show_progress();
}

std::string Importer::create(const ExportedObject& object) {
    if (object.type == "vector_store") return create_vector_store(object);
    const Json json = export_.read(object);
    if (object.type == "file") return create_file(json);
    const bool is_thread = object.type == "thread";
    const std::string path = is_thread ? "/threads" : "/assistants";
    const std::string known = is_thread ? "" : find_unrecorded(path, object.id);
    if (!known.empty()) return known;
    return field(post(path, is_thread ? objects_.thread(json) : objects_.assistant(json)), "id");
}

std::string Importer::create_file(const Json& object) {
    HttpRequest request;
    request.method = "POST";
    request.path = "/v1/files";
    std::string purpose = field(object, "purpose");
    // Those that OpenAI gives to files that it made cannot be uploaded with.
    if (purpose != "assistants" && purpose != "assistants_output" && purpose != "batch" &&
        purpose != "fine-tune" && purpose != "vision" && purpose != "evals")
        purpose = "user_data";
    request.form.push_back({.name = "purpose", .text = purpose});
    FormPart file{.name = "file"};
    file.file_name = field(object, "filename").empty() ? "file" : field(object, "filename");
    if (object.contains("content") && object.at("content").is_string()) {
        auto bytes = from_base64(object.at("content").get_ref<const std::string&>());
        if (!bytes) throw Failure(ExitCode::failed, "Its \"content\" is no base64.");
        file.text = std::move(*bytes);
    } else {
        file.path = export_.path_of(object).string();
    }
    request.form.push_back(std::move(file));
    return field(ApiClient::read(context_.api.http().send(std::move(request)), context_.api.http().server()),
                 "id");
}

std::string Importer::create_vector_store(const ExportedObject& object) {
    const Json json = export_.read(object);
    std::vector<std::string> files;
    if (json.contains("file_ids") && json.at("file_ids").is_array())
        for (const Json& old_id : json.at("file_ids")) {
            const std::string* id = old_id.is_string() ? map_.find(old_id.get<std::string>()) : nullptr;
            if (id)
                files.push_back(*id);
            else
                objects_.note("files of vector stores that are not in the export were left out");
        }
    const auto part = [&](std::size_t from) {
        const auto begin = files.begin() + static_cast<std::ptrdiff_t>(std::min(from, files.size()));
        const auto end =
            files.begin() + static_cast<std::ptrdiff_t>(std::min(from + files_at_once, files.size()));
        return Json(std::vector<std::string>(begin, end));
    };
    Json request = objects_.vector_store(json);
    request["file_ids"] = part(0);
    std::string id = find_unrecorded("/vector_stores", object.id);
    if (id.empty()) id = field(ask("POST", "/vector_stores", request), "id");
    for (std::size_t from = files_at_once; from < files.size(); from += files_at_once)
        ask("POST", "/vector_stores/" + id + "/file_batches", {{"file_ids", part(from)}});
    return id;
}

std::string Importer::create_message(const ExportedObject& object, const std::string& thread) {
    const std::string path = "/threads/" + thread + "/messages";
    const std::string known = find_unrecorded(path, object.id);
    if (!known.empty()) return known;
    const Json request = objects_.message(export_.read(object));
    if (request.at("content").empty()) {
        objects_.note("messages without any content were left out");
        return "none";
    }
    return field(post(path, request), "id");
}

// The new id when one of the newest objects there is already this one.
std::string Importer::find_unrecorded(const std::string& path, const std::string& old_id) {
    if (!may_be_unrecorded_) return "";
    const Json newest_ones = ask("GET", path + "?limit=20&order=desc").value("data", Json::array());
    for (const Json& newest : newest_ones)
        if (field(newest.value("metadata", Json::object()), "imported_from") == old_id)
            return field(newest, "id");
    may_be_unrecorded_ = false;
    return "";
}

void Importer::show_progress() {
    if (!context_.terminal.interactive || context_.json || Clock::now() - shown_ < std::chrono::seconds(1))
        return;
    shown_ = Clock::now();
    context_.err << "\r" << done_ << " of " << export_.size() << " " << std::flush;
}

void Importer::tell(double seconds) {
    if (context_.terminal.interactive && !context_.json) context_.err << "\r\033[K";
    Json report = Json::object();
    for (const char* type : {"file", "vector_store", "assistant", "thread", "message"})
        report[std::string(type) + "s"] = {{"imported", counts_[type].imported},
                                           {"there_already", counts_[type].there_already}};
    report["left_out"] = objects_.notes();
    report["seconds"] = seconds;
    report["map"] = map_.path().string();
    if (as_json(context_, report)) return;
    std::vector<std::vector<std::string>> rows = {{"KIND", "IMPORTED", "THERE ALREADY"}};
    for (const char* type : {"file", "vector_store", "assistant", "thread", "message"})
        rows.push_back({std::string(type) + "s", std::to_string(counts_[type].imported),
                        std::to_string(counts_[type].there_already)});
    context_.out << table(rows, context_.terminal);
    for (const auto& [sentence, times] : objects_.notes())
        context_.out << "Note: " << sentence << " (" << times << ").\n";
    context_.out << "Took " << seconds_text(seconds) << ". The new ids are in " << map_.path().string()
                 << ".\n";
}

}  // namespace

ExitCode import_openai(Context& context, const ImportOptions& options) {
    Importer(context, options).run();
    return ExitCode::good;
}

}  // namespace assistd::cli
