#include "cli/transfer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <thread>

#include "base/unique_fd.h"
#include "cli/idempotency_key.h"
#include "cli/interrupts.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr std::chrono::milliseconds first_pause{300};

void write_all(int fd, std::string_view bytes, const std::string& file) {
    while (!bytes.empty()) {
        const ssize_t put = ::write(fd, bytes.data(), bytes.size());
        if (put < 0 && errno == EINTR) continue;
        if (put <= 0)
            throw Failure(ExitCode::failed, file + " cannot be written: " + std::strerror(errno) + ".");
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

// A device or a pipe: it takes the bytes itself, and no other file takes its place.
bool takes_a_stream(const std::string& path) {
    struct stat about {};
    return ::stat(path.c_str(), &about) == 0 && !S_ISREG(about.st_mode) && !S_ISDIR(about.st_mode);
}

// A link stays one: what it names is written.
std::string behind_links(const std::string& path) {
    std::error_code error;
    if (path == "-" || !std::filesystem::is_symlink(path, error)) return path;
    const std::filesystem::path target = std::filesystem::weakly_canonical(path, error);
    return error ? path : target.string();
}

UniqueFd opened_for(const std::string& path, unsigned mode, bool direct) {
    const int flags = (direct ? O_WRONLY : O_RDWR) | O_CREAT | O_TRUNC | O_CLOEXEC;
    UniqueFd file(path == "-" ? ::dup(STDOUT_FILENO) : ::open(path.c_str(), flags, mode));
    if (!file)
        throw Failure(ExitCode::failed, (path == "-" ? "Standard output" : path) +
                                            " cannot be written: " + std::strerror(errno) + ".");
    return file;
}

// A connection that breaks may have broken when the file was stored already: the same key makes it one file.
// Who does not answer at the beginning is not waited for.
HttpReply sent_until_told(const HttpClient& http, const HttpRequest& request) {
    constexpr int most_attempts = 5;
    bool was_reached = false;
    for (int attempt = 1;; ++attempt) {
        try {
            ::lseek(request.file, 0, SEEK_SET);
            HttpReply reply = http.send(request);
            if (reply.complete || attempt == most_attempts) return reply;
        } catch (const Unreachable& error) {
            was_reached = was_reached || error.was_reached();
            if (!was_reached || attempt == most_attempts) throw;
        }
        std::this_thread::sleep_for(first_pause * (1 << (attempt - 1)));
    }
}

std::string path_of(const char* list, const Json& item, const char* name) {
    return list + HttpClient::escaped(field(item, name));
}

// The first one of its kind with the same content that was there before it; null where there is none.
Json earlier_of(const Context& context, const Json& artifact) {
    const std::string hash = field(artifact, "sha256");
    if (hash.empty()) return Json();
    const std::string kind = HttpClient::escaped(field(artifact, "kind"));
    const Json same = context.api.get("/artifacts?kind=" + kind + "&q=" + hash + "&limit=100");
    // Newest first: the last one was there before all others.
    const Json found = same.is_object() ? same.value("artifacts", Json::array()) : Json::array();
    return found.empty() || field(found.back(), "id") == field(artifact, "id") ? Json() : found.back();
}

}  // namespace

Json upload(const Context& context, const std::string& to, const std::string& path) {
    const UniqueFd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat about {};
    if (!file || ::fstat(file.get(), &about) != 0)
        throw Failure(ExitCode::failed, path + " cannot be read: " + std::strerror(errno) + ".");
    if (!S_ISREG(about.st_mode)) throw Failure(ExitCode::failed, path + " is no file.");
    if (about.st_size == 0) throw Failure(ExitCode::failed, path + " is empty.");
    HttpRequest request;
    request.method = "POST";
    request.path =
        api_prefix + to + "?name=" + HttpClient::escaped(std::filesystem::path(path).filename().string());
    request.file = file.get();
    request.file_bytes = about.st_size;
    request.headers.push_back("Idempotency-Key: " + new_idempotency_key());
    return ApiClient::read(sent_until_told(context.api.http(), request), context.api.http().server());
}

Added add_file(const Context& context, const std::string& path) {
    Json added = upload(context, "/artifacts", path);
    try {
        Json earlier = earlier_of(context, added);
        if (earlier.is_null()) return {std::move(added)};
        context.api.remove(path_of("/artifacts/", added, "handle"));
        return {std::move(earlier), true};
    } catch (const Failure&) {
        return {std::move(added)};  // it is there, only perhaps twice
    }
}

Added add_document(const Context& context, const std::string& path) {
    Json added = upload(context, "/documents", path);
    try {
        const Json artifact = context.api.get(path_of("/artifacts/", added, "id"));
        const Json earlier = earlier_of(context, artifact);
        if (earlier.is_null()) return {std::move(added)};
        Json document = context.api.get(path_of("/documents/", earlier, "id"));
        const std::string status = field(document, "status");
        if (status != "completed" && status != "in_progress") return {std::move(added)};
        context.api.remove(path_of("/documents/", added, "id"));
        return {std::move(document), true};
    } catch (const Failure&) {
        return {std::move(added)};
    }
}

std::string free_name_of(const Context& context, const std::string& handle) {
    if (handle.empty()) throw Failure(ExitCode::usage, "The name must not be empty.");
    const Json artifact = context.api.get("/artifacts/" + HttpClient::escaped(handle));
    std::string path = std::filesystem::path(harmless(field(artifact, "name"))).filename().string();
    if (path.empty() || path == "." || path == "..") path = handle;
    // What tools make has the same few names; so it is called in a browser, too.
    const std::string its_handle = harmless(field(artifact, "handle"));
    if (!field(artifact, "tool").empty() && !path.starts_with(its_handle + "-"))
        path = its_handle + "-" + path;
    if (std::filesystem::exists(path))
        throw Failure(ExitCode::failed, path + " is there already; give another name for it.");
    return path;
}

long long download(const Context& context, const std::string& handle, const std::string& path) {
    HttpRequest request;
    request.path = std::string(api_prefix) + "/artifacts/" + HttpClient::escaped(handle) + "/content";
    const bool replaces = path != "-" && std::filesystem::is_regular_file(path);
    const long long size = save(context, std::move(request), path);
    if (replaces) context.err << "assistctl: what was in " << harmless(path) << " before is gone.\n";
    return size;
}

long long save(const Context& context, HttpRequest request, const std::string& path,
               const SaveOptions& options) {
    const bool direct = path == "-" || takes_a_stream(path);
    const std::string target = behind_links(path);
    const std::string part = direct ? target : target + ".part";
    // From here on Ctrl-C is asked for, so that it cannot come between the file and its removal.
    std::optional<Interrupts> interrupts;
    if (!direct) interrupts.emplace();
    const UniqueFd file = opened_for(part, options.mode, direct);
    long long size = 0;
    try {
        request.sink = [&](std::string_view bytes) {
            write_all(file.get(), bytes, path == "-" ? "Standard output" : path);
            size += static_cast<long long>(bytes.size());
        };
        request.tick = [&] {
            if (interrupts && interrupts->take())
                throw Failure(ExitCode::failed, "Stopped; nothing was written.");
        };
        if (interrupts) request.wake_fd = interrupts->fd();
        const HttpReply reply = context.api.http().send(std::move(request));
        ApiClient::check(reply);
        if (!reply.complete)
            throw Failure(ExitCode::failed, "The connection broke in the middle of the file.");
        if (!direct && options.check) options.check(file.get());
        if (!direct && ::fsync(file.get()) != 0)
            throw Failure(ExitCode::failed, path + " cannot be written: " + std::strerror(errno) + ".");
        if (!direct && ::rename(part.c_str(), target.c_str()) != 0)
            throw Failure(ExitCode::failed, path + " cannot be written: " + std::strerror(errno) + ".");
    } catch (...) {
        if (!direct) ::unlink(part.c_str());
        throw;
    }
    return size;
}

}  // namespace assistd::cli
