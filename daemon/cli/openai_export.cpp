#include "cli/openai_export.h"

#include "cli/failure.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

[[noreturn]] void refuse(std::size_t line, const std::string& sentence) {
    throw Failure(ExitCode::failed,
                  "Line " + std::to_string(line) + ": " + sentence + " Nothing was imported by this run.");
}

}  // namespace

OpenAiExport::OpenAiExport(const std::string& path)
    : file_(path, std::ios::binary), folder_(std::filesystem::path(path).parent_path()) {
    for (const char* type : {"file", "vector_store", "assistant", "thread", "message"}) objects_[type];
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown))
        throw Failure(ExitCode::failed,
                      "\"" + path + "\" is a folder; name the file of JSON lines that was exported.");
    if (!file_) throw Failure(ExitCode::failed, "The export \"" + path + "\" cannot be read.");
    std::string text;
    std::size_t line = 0;
    for (std::streamoff offset = 0; std::getline(file_, text); offset = file_.tellg()) {
        ++line;
        if (text.find_first_not_of(" \t\r") != std::string::npos) take(text, line, offset);
    }
    file_.clear();
    check_threads();
}

void OpenAiExport::take(const std::string& text, std::size_t line, std::streamoff offset) {
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object()) refuse(line, "It is no JSON object; the file needs one in each line.");
    ExportedObject object{field(json, "type"), field(json, "id"), line, offset};
    if (!objects_.contains(object.type))
        refuse(line, "Its \"type\" is \"" + harmless(object.type).substr(0, 80) +
                         "\"; it must be file, vector_store, assistant, thread or message.");
    if (object.id.empty() || object.id.size() > 200) refuse(line, "It has no \"id\".");
    if (!ids_.insert(object.id).second)
        refuse(line, "The id " + harmless(object.id) + " stands in the file twice.");
    check(json, line);
    if (object.type == "message") return take_message(json, std::move(object));
    objects_[object.type].push_back(std::move(object));
}

void OpenAiExport::check(const Json& json, std::size_t line) const {
    if (json.at("type") != "file") return;
    if (json.contains("content") && json.at("content").is_string()) return;
    const std::filesystem::path path = path_of(json);
    std::error_code unknown;
    if (path.empty())
        refuse(line, "A file needs its bytes: as base64 in \"content\", or a \"path\" to them.");
    if (!std::filesystem::is_regular_file(path, unknown))
        refuse(line, "There is no file \"" + harmless(path.string()) + "\".");
}

void OpenAiExport::take_message(const Json& json, ExportedObject object) {
    const std::string thread = field(json, "thread_id");
    if (thread.empty()) refuse(object.line, "A message needs a \"thread_id\".");
    const auto created = json.find("created_at");
    if (created != json.end() && created->is_number_integer()) {
        std::int64_t& newest = newest_[thread];
        if (created->get<std::int64_t>() < newest)
            refuse(object.line, "The messages of the thread " + harmless(thread) +
                                    " must stand in their order, oldest first (order=asc).");
        newest = created->get<std::int64_t>();
    }
    messages_[thread].push_back(std::move(object));
}

void OpenAiExport::check_threads() const {
    for (const auto& [thread, messages] : messages_)
        if (!ids_.contains(thread))
            refuse(messages.front().line, "The file does not have its thread, " + harmless(thread) + ".");
}

const std::vector<ExportedObject>& OpenAiExport::messages_of(const std::string& thread) const {
    static const std::vector<ExportedObject> none;
    const auto found = messages_.find(thread);
    return found == messages_.end() ? none : found->second;
}

Json OpenAiExport::read(const ExportedObject& object) {
    std::string text;
    file_.clear();
    file_.seekg(object.offset);
    if (!std::getline(file_, text)) refuse(object.line, "The file was changed meanwhile.");
    Json json = Json::parse(text, nullptr, false);
    if (!json.is_object() || field(json, "id") != object.id)
        refuse(object.line, "The file was changed meanwhile.");
    return json;
}

std::filesystem::path OpenAiExport::path_of(const Json& file) const {
    const std::string path = field(file, "path");
    return path.empty() ? std::filesystem::path() : folder_ / path;
}

}  // namespace assistd::cli
