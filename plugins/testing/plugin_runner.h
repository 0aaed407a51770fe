#pragma once
// For the tests of plugins: loads a plugin's library and plays the host of its calls, with artifacts in
// memory. One thread.

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <deque>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "assistd/particles.hpp"
#include "assistd/plugin.hpp"

namespace assistd::testing {

struct MadeArtifact {
    std::string kind;
    std::string name;
    std::string media_type;
    Json metadata;
    std::string bytes;
};

struct Outcome {
    assistd_status status = ASSISTD_FAILED;
    Json data;
    std::string summary;
    std::string error_type;
    std::string message;
    Json details;
    std::vector<MadeArtifact> made;
    std::vector<double> progress;

    bool ok() const { return status == ASSISTD_OK; }
};

class PluginRunner {
  public:
    explicit PluginRunner(const char* library) : library_(::dlopen(library, RTLD_NOW | RTLD_LOCAL)) {
        if (!library_) throw std::runtime_error(::dlerror());
        const auto entry =
            reinterpret_cast<assistd_plugin_entry_fn>(::dlsym(library_, "assistd_plugin_entry"));
        host_.struct_size = sizeof host_;
        host_.abi_major = ASSISTD_ABI_MAJOR;
        host_.abi_minor = ASSISTD_ABI_MINOR;
        host_.log = [](const assistd_host*, assistd_log_level, assistd_string) {};
        host_.get_extension = [](const assistd_host*, const char*) -> const void* { return nullptr; };
        plugin_ = entry()->create(&host_);
        if (!plugin_) throw std::runtime_error("The plugin made no instance.");
    }
    // The library stays loaded: others of its kind may be in use, and leak checkers want its symbols.
    ~PluginRunner() { plugin_->destroy(plugin_); }
    PluginRunner(const PluginRunner&) = delete;
    PluginRunner& operator=(const PluginRunner&) = delete;

    void add(const std::string& handle, const std::string& kind, const Json& metadata,
             const std::string& bytes) {
        Given& given = given_.emplace_back();
        given.handle = handle;
        given.kind = kind;
        given.metadata = metadata.dump();
        given.fd = memory_file();
        detail::write_all(given.fd, bytes.data(), bytes.size());
        given.c = {};
        given.c.struct_size = sizeof given.c;
        given.c.handle = detail::to_c(given.handle);
        given.c.kind = detail::to_c(given.kind);
        given.c.name = detail::to_c(given.handle);
        given.c.media_type = detail::to_c(given.media_type);
        given.c.metadata = detail::to_c(given.metadata);
        given.c.size = bytes.size();
        given.c.fd = given.fd;
    }
    void add_simulation(const std::string& handle, const Json& metadata,
                        std::span<const Particle> particles) {
        std::string bytes = detail::npy_header(particles.size());
        bytes.append(reinterpret_cast<const char*>(particles.data()), particles.size_bytes());
        add(handle, "simulation", metadata, bytes);
    }

    // When set, is_cancelled says 1 from the n-th time on that it is asked.
    void cancel_after(int questions) { cancel_after_ = questions; }

    Outcome call(const std::string& tool, const Json& arguments) {
        Running running{this, {}, {}, 0};
        assistd_call call{};
        call.struct_size = sizeof call;
        call.host_data = &running;
        fill(call);
        const std::string text = arguments.dump();
        running.outcome.status = plugin_->call(plugin_, detail::to_c(tool), detail::to_c(text), &call);
        for (auto& [fd, made] : running.files) {
            made.bytes = content_of(fd);
            ::close(fd);
            if (running.outcome.ok()) running.outcome.made.push_back(std::move(made));
        }
        return std::move(running.outcome);
    }

  private:
    struct Given {
        std::string handle, kind, metadata, media_type = "application/octet-stream";
        int fd = -1;
        assistd_artifact c{};
        ~Given() { ::close(fd); }
    };
    struct Running {
        PluginRunner* runner;
        Outcome outcome;
        std::vector<std::pair<int, MadeArtifact>> files;
        int questions;
    };

    static Running& running(assistd_call* call) { return *static_cast<Running*>(call->host_data); }
    static std::string text(assistd_string from) { return std::string(detail::from_c(from)); }
    static int memory_file() { return ::memfd_create("artifact", MFD_CLOEXEC); }
    static std::string content_of(int fd) {
        std::string bytes(static_cast<std::size_t>(::lseek(fd, 0, SEEK_END)), '\0');
        if (::pread(fd, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
            throw std::runtime_error("The artifact cannot be read back.");
        return bytes;
    }

    static void fill(assistd_call& call) {
        call.progress = [](assistd_call* self, double fraction, assistd_string) {
            running(self).outcome.progress.push_back(fraction);
        };
        call.is_cancelled = [](assistd_call* self) {
            Running& now = running(self);
            return now.runner->cancel_after_ >= 0 && now.questions++ >= now.runner->cancel_after_ ? 1 : 0;
        };
        call.emit_result = [](assistd_call* self, assistd_string data, assistd_string summary) {
            running(self).outcome.data = Json::parse(text(data));
            running(self).outcome.summary = text(summary);
            return ASSISTD_OK;
        };
        call.emit_error = [](assistd_call* self, assistd_string type, assistd_string message,
                             assistd_string details, int) {
            Outcome& outcome = running(self).outcome;
            outcome.error_type = text(type);
            outcome.message = text(message);
            if (details.size > 0) outcome.details = Json::parse(text(details));
            return ASSISTD_OK;
        };
        call.read_artifact = [](assistd_call* self, assistd_string handle) -> const assistd_artifact* {
            for (const Given& given : running(self).runner->given_)
                if (given.handle == detail::from_c(handle)) return &given.c;
            return nullptr;
        };
        call.create_artifact = [](assistd_call* self, assistd_string kind, assistd_string name,
                                  assistd_string media_type, assistd_string metadata) {
            const int fd = memory_file();
            running(self).files.push_back(
                {fd, {text(kind), text(name), text(media_type), Json::parse(text(metadata)), ""}});
            return fd;
        };
        call.set_artifact_metadata = [](assistd_call* self, int fd, assistd_string metadata) {
            for (auto& [open, made] : running(self).files)
                if (open == fd) made.metadata = Json::parse(text(metadata));
            return ASSISTD_OK;
        };
    }

    void* library_;
    assistd_host host_{};
    assistd_plugin* plugin_ = nullptr;
    std::deque<Given> given_;
    int cancel_after_ = -1;
};

// What a tool's data has that its manifest does not promise, or the other way round; empty when they agree.
inline std::string differs_from_manifest(const Json& manifest, const std::string& tool, const Json& data) {
    for (const Json& entry : manifest.at("tools")) {
        if (entry.at("name") != tool) continue;
        const Json& schema = entry.at("output");
        for (const auto& [key, value] : data.items())
            if (!schema.at("properties").contains(key)) return "The result has an unknown key: " + key;
        for (const Json& key : schema.at("required"))
            if (!data.contains(key.get<std::string>())) return "The result lacks " + key.get<std::string>();
        return "";
    }
    return "The manifest has no tool " + tool;
}

}  // namespace assistd::testing
