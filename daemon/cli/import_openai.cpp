// assistctl import openai-export: sends what was exported from OpenAI's Assistants API through the daemon's
// own Assistants API, in an order in which everything that is referred to is there already.

#include <algorithm>
#include <chrono>
#include <ostream>

#include "base/base64.h"
#include "cli/commands.h"
#include "cli/import_map.h"
#include "cli/import_report.h"
#include "cli/openai_export.h"
#include "cli/openai_objects.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t files_at_once = 500;  // of a vector store
// What a file's end can be set to, counted from its upload.
constexpr std::int64_t shortest_life_s = 3'600;
constexpr std::int64_t longest_life_s = 2'592'000;

// Refused for what it is: another try would be refused as well, and the others need not wait for it.
bool is_about_the_line(const Failure& failure) {
    return failure.type() == "invalid_request_error";
}
Failure bad_line(const std::string& sentence) {
    return {ExitCode::failed, sentence, "invalid_request_error", "invalid_request"};
}

std::int64_t now_s() {
    return std::chrono::duration_cast<std::chrono::seconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}
std::optional<std::int64_t> end_of(const Json& object) {
    const auto found = object.find("expires_at");
    if (found == object.end() || !found->is_number_integer()) return std::nullopt;
    return found->get<std::int64_t>();
}

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

    ExitCode run() {
        const auto begun = Clock::now();
        if (map_.was_begun()) check_map();
        for (const char* type : {"file", "vector_store", "assistant"})
            for (const ExportedObject& object : export_.of(type))
                take(object, [&] { return create(object); });
        for (const ExportedObject& thread : export_.of("thread")) {
            take(thread, [&] { return create(thread); });
            const std::string* id = map_.find(thread.id);
            for (const ExportedObject& message : export_.messages_of(thread.id))
                if (id)
                    take(message, [&] { return create_message(message, *id); });
                else
                    report_.skipped(message, "Its thread was skipped.");
        }
        if (context_.terminal.interactive && !context_.json) context_.err << "\r\033[K";
        report_.print(context_, objects_.notes(), map_.path(),
                      std::chrono::duration<double>(Clock::now() - begun).count());
        return report_.is_whole() ? ExitCode::good : ExitCode::partly;
    }

  private:
    Json ask(const std::string& method, const std::string& path, const Json& body = Json());
    Json post(const std::string& path, const Json& request);
    void check_map();
    template <class Create>
    void take(const ExportedObject& object, Create create);
    std::string create(const ExportedObject& object);
    std::string create_file(const Json& object);
    std::string find_unrecorded_file(const std::string& behind, const std::string& purpose,
                                     std::uintmax_t bytes);
    std::string create_vector_store(const ExportedObject& object);
    std::vector<Json> files_of_store(const Json& store);
    void add_to_store(const std::string& id, std::vector<Json> files);
    std::string create_message(const ExportedObject& object, const std::string& thread);
    std::string find_unrecorded(const std::string& path, const std::string& old_id);
    void show_progress();

    Context& context_;
    OpenAiExport export_;
    ImportMap map_;
    OpenAiObjects objects_;
    ImportReport report_;
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
    if (map_.find(object.id)) return report_.was_there(object.type);
    std::string id;
    try {
        id = create();
    } catch (const Unreachable&) {
        throw;
    } catch (const Failure& failure) {
        if (is_about_the_line(failure)) return report_.skipped(object, failure.what());
        throw Failure(failure.code(),
                      "Line " + std::to_string(object.line) + ", " + object.type + " " + harmless(object.id) +
                          ": " + failure.what() +
                          " What came before it is imported; the same command goes on from there.",
                      failure.type(), failure.name());
    }
    map_.add(object.id, id);
    report_.imported(object.type);
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
    if (const auto end = end_of(object)) {
        const std::int64_t left = *end - now_s();
        if (left <= 0) throw bad_line("The file has expired.");
        request.form.push_back({.name = "expires_after[anchor]", .text = "created_at"});
        request.form.push_back({.name = "expires_after[seconds]",
                                .text = std::to_string(std::clamp(left, shortest_life_s, longest_life_s))});
    }
    FormPart file{.name = "file"};
    file.file_name = field(object, "filename").empty() ? "file" : field(object, "filename");
    std::uintmax_t bytes = 0;
    if (object.contains("content") && object.at("content").is_string()) {
        auto content = from_base64(object.at("content").get_ref<const std::string&>());
        if (!content) throw bad_line("Its \"content\" is no base64.");
        file.text = std::move(*content);
        bytes = file.text.size();
    } else {
        const std::filesystem::path path = export_.path_of(object);
        std::error_code gone;
        bytes = std::filesystem::file_size(path, gone);
        if (gone) throw bad_line("There is no file \"" + harmless(path.string()) + "\" any more.");
        file.path = path.string();
    }
    request.form.push_back(std::move(file));
    // A file has no metadata that its old id could stand in.
    const std::string old_id = field(object, "id");
    if (const auto behind = map_.announced(old_id)) {
        const std::string known = find_unrecorded_file(*behind, purpose, bytes);
        if (!known.empty()) return known;
    }
    const Json newest = ask("GET", "/files?limit=1&order=desc").value("data", Json::array());
    map_.announce(old_id, newest.empty() ? "" : field(newest.front(), "id"));
    return field(ApiClient::read(context_.api.http().send(std::move(request)), context_.api.http().server()),
                 "id");
}

// What the last run sent, when it ended before the answer was written down.
std::string Importer::find_unrecorded_file(const std::string& behind, const std::string& purpose,
                                           std::uintmax_t bytes) {
    std::string after;
    for (;;) {
        const Json page = ask("GET", "/files?limit=100&order=desc" + after);
        for (const Json& file : page.value("data", Json::array())) {
            const std::string id = field(file, "id");
            if (id <= behind) return "";  // ids rise with time
            if (field(file, "purpose") == purpose && file.value("bytes", std::uintmax_t{0}) == bytes &&
                !map_.is_new_id(id))
                return id;
            after = "&after=" + HttpClient::escaped(id);
        }
        if (!page.value("has_more", false)) return "";
    }
}

// As a batch wants them: the new ids, with what the export says of each.
std::vector<Json> Importer::files_of_store(const Json& store) {
    std::vector<Json> given;
    const auto list = [&](const char* name) -> Json {
        return store.contains(name) && store.at(name).is_array() ? store.at(name) : Json::array();
    };
    for (const Json& file : list("files"))
        if (file.is_object()) given.push_back(file);
    if (given.empty())
        for (const Json& old_id : list("file_ids")) given.push_back({{"id", old_id}});
    std::vector<Json> files;
    for (const Json& file : given) {
        const std::string* id = map_.find(field(file, "id"));
        if (id)
            files.push_back(objects_.file_of_store(file, *id));
        else
            objects_.note("files of vector stores that are not in the export were left out");
    }
    return files;
}

std::string Importer::create_vector_store(const ExportedObject& object) {
    const Json json = export_.read(object);
    std::vector<Json> files = files_of_store(json);
    const auto end = end_of(json);
    if (end && *end <= now_s()) objects_.note("vector stores that had expired begin their time anew");
    std::string id = find_unrecorded("/vector_stores", object.id);
    if (id.empty()) id = field(ask("POST", "/vector_stores", objects_.vector_store(json)), "id");
    for (std::size_t from = 0; from < files.size(); from += files_at_once) {
        const auto begin = files.begin() + static_cast<std::ptrdiff_t>(from);
        const auto stop =
            files.begin() + static_cast<std::ptrdiff_t>(std::min(from + files_at_once, files.size()));
        add_to_store(id, {begin, stop});
    }
    return id;
}

// A file that is refused must not keep the others out.
void Importer::add_to_store(const std::string& id, std::vector<Json> files) {
    const std::string path = "/vector_stores/" + id + "/file_batches";
    try {
        ask("POST", path, {{"files", files}});
        return;
    } catch (const Failure& failure) {
        if (!is_about_the_line(failure)) throw;
    }
    for (const Json& file : files) {
        try {
            ask("POST", path, {{"files", Json::array({file})}});
        } catch (const Failure& failure) {
            if (!is_about_the_line(failure)) throw;
            objects_.note("files of vector stores were left out: " + harmless(failure.what()));
        }
    }
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

}  // namespace

ExitCode import_openai(Context& context, const ImportOptions& options) {
    return Importer(context, options).run();
}

}  // namespace assistd::cli
