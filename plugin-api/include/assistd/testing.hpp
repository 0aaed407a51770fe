#pragma once
// Tests a plugin without a daemon: loads the library that is shipped, plays the host of its calls and keeps
// what they give. For any test framework, or none.
//
//     assistd::testing::PluginRunner plugin("build/plugins/greeter.so");
//     const auto outcome = plugin.run("greet", {{"name", "Ada"}});
//     assert(outcome.ok() && outcome.data["greeting"] == "Hello, Ada.");
//
// A typed tool's arguments are checked as the daemon checks them, with the same sentences; those of other
// tools come to the handler as they are. The calls run in this process and on this thread, without sandbox
// and limits; `assistctl plugin check` and a daemon show those. One runner is for one thread; the plugin may
// use many.

#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <mutex>
#include <optional>
#include <regex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "assistd/manifest_section.hpp"
#include "assistd/plugin.hpp"
#include "assistd/testing_catalogue.hpp"
#include "assistd/testing_outcome.hpp"

namespace assistd::testing {

class PluginRunner {
  public:
    // From a library, or from the entry of a plugin that is linked into this program.
    explicit PluginRunner(const std::string& library) : PluginRunner(entry_of(library)) {
        manifest_ = Json::parse(read_manifest_section(library));
    }
    explicit PluginRunner(assistd_plugin_entry_fn entry) {
        host_.struct_size = sizeof host_;
        host_.abi_major = ASSISTD_ABI_MAJOR;
        host_.abi_minor = ASSISTD_ABI_MINOR;
        host_.host_data = this;
        host_.log = [](const assistd_host* host, assistd_log_level level, assistd_string message) {
            auto& runner = *static_cast<PluginRunner*>(host->host_data);
            const std::lock_guard lock(runner.mutex_);
            runner.log_.push_back({level, text(message)});
        };
        host_.scratch_folder = detail::to_c(scratch_.path);
        host_.get_extension = [](const assistd_host* host, const char* id) -> const void* {
            const auto& runner = *static_cast<PluginRunner*>(host->host_data);
            const bool has_it = runner.has_catalogue_ && std::string_view(id) == ASSISTD_CATALOGUE_1;
            return has_it ? &runner.catalogue_functions_ : nullptr;
        };
        fill_catalogue_functions();
        plugin_ = entry()->create(&host_);
        if (!plugin_)
            throw std::runtime_error("The plugin does not start. " +
                                     (log_.empty() ? "" : log_.back().message));
        read_schemas();
    }
    // The library stays loaded: its threads may outlive the instance.
    ~PluginRunner() { plugin_->destroy(plugin_); }
    PluginRunner(const PluginRunner&) = delete;
    PluginRunner& operator=(const PluginRunner&) = delete;

    // An artifact that arguments of later calls may name, and that calls may look up: the last one that was
    // added is the newest.
    void add_artifact(const std::string& handle, const std::string& kind, const std::string& bytes,
                      const Json& metadata = Json::object(), const std::string& name = "artifact",
                      const std::string& media_type = "application/octet-stream") {
        FoundArtifact about;
        about.handle = handle;
        about.kind = kind;
        about.name = name;
        about.media_type = media_type;
        about.metadata = metadata;
        add_artifact(std::move(about), bytes);
    }
    // The same with where it came from: tool, parameters, parents, project.
    void add_artifact(FoundArtifact about, const std::string& bytes) {
        about.size = bytes.size();
        given_.emplace_back(about.handle, about.kind, bytes, about.metadata.dump(), about.name,
                            about.media_type);
        catalogue_.add(std::move(about));
    }
    // A job of the plugin's tools that calls may look up.
    void add_job(FoundJob job) { catalogue_.add(std::move(job)); }
    // Later calls find that the daemon has no catalogue, as older ones have not.
    void without_catalogue() { has_catalogue_ = false; }

    // Later calls are cancelled: the n-th time that they ask is told so (1 is the first), or this much time
    // after they began.
    void cancel_at_look(int look) { cancel_at_look_ = look; }
    void cancel_after(std::chrono::milliseconds time) { cancel_after_ = time; }
    // How many artifacts later calls may store.
    void allow_artifacts(std::size_t count) { most_artifacts_ = count; }

    Outcome run(const std::string& tool, const Json& arguments = Json::object()) {
        Running running(*this, looks_up(tool));
        if (const auto found = schemas_.find(tool); found != schemas_.end()) {
            detail::SchemaCheck check(matches);
            check.value(found->at("input"), arguments, {});
            if (!check.errors.empty()) return refused(invalid_arguments(check.errors));
        }
        const std::string json = arguments.dump();
        running.outcome.status =
            plugin_->call(plugin_, detail::to_c(tool), detail::to_c(json), &running.table);
        return running.finish(std::exchange(log_, {}));
    }

    // The manifest in the library, with the schemas of typed tools. Null for a plugin that is linked in.
    const Json& manifest() const { return manifest_; }
    // What the code says of its typed tools: {"TOOL": {"input": …, "output": …}}.
    const Json& schemas() const { return schemas_; }

  private:
    using Clock = std::chrono::steady_clock;

    static std::string text(assistd_string from) { return std::string(detail::from_c(from)); }
    static bool matches(const std::string& value, const std::string& pattern) {
        return std::regex_search(value, std::regex(pattern));
    }
    static assistd_plugin_entry_fn entry_of(const std::string& library) {
        void* loaded = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
        if (!loaded) throw std::runtime_error(::dlerror());
        const auto entry = reinterpret_cast<assistd_plugin_entry_fn>(::dlsym(loaded, "assistd_plugin_entry"));
        if (!entry) throw std::runtime_error(library + " exports no assistd_plugin_entry.");
        return entry;
    }
    static Outcome refused(const Failure& failure) {
        Outcome outcome;
        outcome.error_type = failure.type();
        outcome.message = failure.what();
        outcome.details = failure.details();
        outcome.recoverable = failure.recoverable();
        return outcome;
    }

    // As the manifest says; nothing for a plugin that is linked in.
    TestCatalogue::Allowed looks_up(const std::string& tool) const {
        if (manifest_.is_null()) return std::nullopt;
        for (const Json& entry : manifest_.at("tools"))
            if (entry.at("name") == tool) return entry.value("looks_up", std::set<std::string>());
        return std::set<std::string>();
    }

    void read_schemas() {
        if (!plugin_->get_extension) return;
        const auto* extension =
            static_cast<const assistd_schemas*>(plugin_->get_extension(plugin_, ASSISTD_SCHEMAS_1));
        if (!extension) return;
        const std::string json = text(extension->tools(plugin_));
        if (json.empty()) throw std::runtime_error(log_.empty() ? "No schemas." : log_.back().message);
        schemas_ = Json::parse(json);
    }

    // A file in memory.
    class MemoryFile {
      public:
        MemoryFile() : fd_(::memfd_create("artifact", MFD_CLOEXEC)) {
            if (fd_ < 0) throw std::runtime_error("There is no memory for an artifact.");
        }
        ~MemoryFile() { ::close(fd_); }
        MemoryFile(const MemoryFile&) = delete;
        MemoryFile& operator=(const MemoryFile&) = delete;

        int fd() const { return fd_; }
        std::string bytes() const {
            assistd_artifact whole{};
            whole.size = static_cast<std::uint64_t>(::lseek(fd_, 0, SEEK_END));
            whole.fd = fd_;
            return Artifact(whole).read_all();
        }

      private:
        int fd_;
    };

    struct Given {
        std::string handle, kind, metadata, name, media_type;
        MemoryFile file;
        assistd_artifact table{};

        Given(std::string handle_, std::string kind_, const std::string& bytes, std::string metadata_,
              std::string name_, std::string media_type_)
            : handle(std::move(handle_)),
              kind(std::move(kind_)),
              metadata(std::move(metadata_)),
              name(std::move(name_)),
              media_type(std::move(media_type_)) {
            detail::write_artifact_bytes(file.fd(), bytes, handle);
            table = {sizeof table,
                     detail::to_c(handle),
                     detail::to_c(kind),
                     detail::to_c(name),
                     detail::to_c(media_type),
                     detail::to_c(metadata),
                     bytes.size(),
                     file.fd()};
        }
    };

    struct Scratch {
        std::string path = std::filesystem::temp_directory_path() / "assistd-plugin-test.XXXXXX";
        Scratch() {
            if (!::mkdtemp(path.data())) throw std::runtime_error("There is no folder for temporary files.");
        }
        ~Scratch() {
            std::error_code ignored;
            std::filesystem::remove_all(path, ignored);
        }
        Scratch(const Scratch&) = delete;
        Scratch& operator=(const Scratch&) = delete;
    };

    // One call.
    struct Running {
        struct Stored {
            StoredArtifact artifact;
            MemoryFile file;
        };

        Running(PluginRunner& of, TestCatalogue::Allowed allowed_)
            : runner(of), allowed(std::move(allowed_)) {
            fill();
        }

        PluginRunner& runner;
        const TestCatalogue::Allowed allowed;
        CatalogueAnswer answer;
        assistd_call table{};
        Outcome outcome;
        std::deque<Stored> stored;
        std::atomic<int> looks = 0;
        const Clock::time_point began = Clock::now();

        const assistd_artifact* given(std::string_view handle) const {
            for (const Given& each : runner.given_)
                if (each.handle == handle) return &each.table;
            return nullptr;
        }
        assistd_status say(CatalogueAnswer said, assistd_string* to) {
            answer = std::move(said);
            *to = detail::to_c(answer.text);
            return is_cancelled() ? ASSISTD_CANCELLED : answer.status;
        }

        Outcome finish(std::vector<LogLine> log) {
            if (!outcome.ok()) outcome.added.clear();
            if (outcome.ok())
                for (Stored& each : stored) {
                    each.artifact.bytes = each.file.bytes();
                    outcome.artifacts.push_back(std::move(each.artifact));
                }
            outcome.log = std::move(log);
            return std::move(outcome);
        }
        bool is_cancelled() {
            const int look = ++looks;
            if (runner.cancel_at_look_ && look >= *runner.cancel_at_look_) return true;
            return runner.cancel_after_ && Clock::now() - began >= *runner.cancel_after_;
        }

        static Running& of(assistd_call* call) { return *static_cast<Running*>(call->host_data); }
        void fill();
    };

    void fill_catalogue_functions();

    std::mutex mutex_;  // of what the plugin's threads may write: log_, and a call's progress
    std::vector<LogLine> log_;
    Scratch scratch_;
    assistd_host host_{};
    assistd_plugin* plugin_ = nullptr;
    Json manifest_;
    Json schemas_ = Json::object();
    std::deque<Given> given_;
    std::optional<int> cancel_at_look_;
    std::optional<std::chrono::milliseconds> cancel_after_;
    std::size_t most_artifacts_ = 32;
    TestCatalogue catalogue_;
    assistd_catalogue catalogue_functions_{};
    bool has_catalogue_ = true;
};

inline void PluginRunner::fill_catalogue_functions() {
    catalogue_functions_.struct_size = sizeof catalogue_functions_;
    catalogue_functions_.find_artifacts = [](assistd_call* call, assistd_string query,
                                             assistd_string* answer) {
        Running& now = Running::of(call);
        return now.say(now.runner.catalogue_.find_artifacts(now.allowed, Json::parse(detail::from_c(query))),
                       answer);
    };
    catalogue_functions_.find_jobs = [](assistd_call* call, assistd_string query, assistd_string* answer) {
        Running& now = Running::of(call);
        return now.say(now.runner.catalogue_.find_jobs(now.allowed, Json::parse(detail::from_c(query))),
                       answer);
    };
    catalogue_functions_.open_artifact = [](assistd_call* call, assistd_string handle,
                                            const assistd_artifact** artifact, assistd_string* answer) {
        Running& now = Running::of(call);
        const assistd_status status =
            now.say(now.runner.catalogue_.look_at(now.allowed, text(handle)), answer);
        if (status == ASSISTD_OK) {
            *artifact = now.given(detail::from_c(handle));
            now.outcome.opened.push_back(text(handle));
        }
        return status;
    };
    catalogue_functions_.add_to_result = [](assistd_call* call, assistd_string handle,
                                            assistd_string* answer) {
        Running& now = Running::of(call);
        const assistd_status status =
            now.say(now.runner.catalogue_.look_at(now.allowed, text(handle)), answer);
        if (status == ASSISTD_OK) now.outcome.added.push_back(text(handle));
        return status;
    };
}

inline void PluginRunner::Running::fill() {
    table.struct_size = sizeof table;
    table.host_data = this;
    table.progress = [](assistd_call* call, double fraction, assistd_string note) {
        const std::lock_guard lock(of(call).runner.mutex_);
        of(call).outcome.progress.push_back({fraction, text(note)});
    };
    table.is_cancelled = [](assistd_call* call) { return of(call).is_cancelled() ? 1 : 0; };
    table.emit_result = [](assistd_call* call, assistd_string data, assistd_string summary) {
        of(call).outcome.data = Json::parse(detail::from_c(data));
        of(call).outcome.summary = text(summary);
        return ASSISTD_OK;
    };
    table.emit_error = [](assistd_call* call, assistd_string type, assistd_string message,
                          assistd_string details, int recoverable) {
        Outcome& failed = of(call).outcome;
        failed.error_type = text(type);
        failed.message = text(message);
        failed.details = details.size > 0 ? Json::parse(detail::from_c(details)) : Json();
        failed.recoverable = recoverable != 0;
        return ASSISTD_OK;
    };
    table.read_artifact = [](assistd_call* call, assistd_string handle) {
        return of(call).given(detail::from_c(handle));
    };
    table.create_artifact = [](assistd_call* call, assistd_string kind, assistd_string name,
                               assistd_string media_type, assistd_string metadata) {
        Running& now = of(call);
        if (now.stored.size() >= now.runner.most_artifacts_) return -1;
        Stored& begun = now.stored.emplace_back();
        const Json about = metadata.size > 0 ? Json::parse(detail::from_c(metadata)) : Json::object();
        begun.artifact = {text(kind), text(name), text(media_type), about, ""};
        return begun.file.fd();
    };
    table.set_artifact_metadata = [](assistd_call* call, int fd, assistd_string metadata) {
        for (Stored& each : of(call).stored) {
            if (each.file.fd() != fd) continue;
            each.artifact.metadata = Json::parse(detail::from_c(metadata));
            return ASSISTD_OK;
        }
        return ASSISTD_INVALID;
    };
}

// What a tool's data has that its manifest does not promise, or the other way round; empty when they agree.
inline std::string differs_from_manifest(const Json& manifest, const std::string& tool, const Json& data) {
    for (const Json& entry : manifest.at("tools")) {
        if (entry.at("name") != tool) continue;
        const Json& schema = entry.at("output");
        for (const auto& [key, value] : data.items())
            if (!schema.at("properties").contains(key)) return "The result has an unknown key: " + key + ".";
        detail::SchemaCheck check;
        check.value(schema, data, detail::Place{}.at("data"));
        return check.errors.empty() ? "" : check.errors.front().message;
    }
    return "The manifest has no tool " + tool + ".";
}

}  // namespace assistd::testing
