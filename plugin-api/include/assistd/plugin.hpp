#pragma once
// The C++20 face of the plugin ABI, header only: derive from nothing, register a function per tool.
//
//     #include <assistd/plugin.hpp>
//
//     assistd::Result greet(assistd::Call& call, const assistd::Json& arguments) {
//         const auto name = arguments.at("name").get<std::string>();
//         call.progress(0.5, "thinking of words");
//         return {{{"greeting", "Hello, " + name + "."}}, "Greeted " + name + "."};
//     }
//
//     ASSISTD_PLUGIN(tools) { tools.add("greet", greet); }
//
// Whatever a handler throws becomes the call's failure: Failure as it says, any other exception as
// InternalError. A handler runs on one thread; call.progress and call.cancelled may be used from any.

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "assistd/plugin.h"

namespace assistd {

using Json = nlohmann::json;

namespace detail {
inline assistd_string to_c(std::string_view text) {
    return {text.data(), text.size()};
}
inline std::string_view from_c(assistd_string text) {
    return {text.data, text.size};
}
}  // namespace detail

// The call fails for a reason that its caller should read. `type` is one of the names in plugin.h
// (emit_error).
class Failure : public std::runtime_error {
  public:
    Failure(std::string type, const std::string& message, Json details = nullptr, bool recoverable = true)
        : std::runtime_error(message),
          type_(std::move(type)),
          details_(std::move(details)),
          recoverable_(recoverable) {}

    const std::string& type() const { return type_; }
    const Json& details() const { return details_; }
    bool recoverable() const { return recoverable_; }

  private:
    std::string type_;
    Json details_;
    bool recoverable_;
};

// Arguments that the schema could not refuse: a sentence that names the field and its bound.
inline Failure invalid_argument(const std::string& field, const std::string& sentence) {
    return {"ValidationError", sentence,
            Json{{"errors", Json::array({{{"field", field}, {"message", sentence}}})}}};
}

// Thrown by Call::check_cancelled.
class Cancelled : public std::runtime_error {
  public:
    Cancelled() : std::runtime_error("The call was cancelled.") {}
};

// An artifact named by an argument, open for reading. Valid during the call.
class Artifact {
  public:
    explicit Artifact(const assistd_artifact& artifact) : artifact_(&artifact) {}

    std::string_view handle() const { return detail::from_c(artifact_->handle); }
    std::string_view kind() const { return detail::from_c(artifact_->kind); }
    std::string_view name() const { return detail::from_c(artifact_->name); }
    std::string_view media_type() const { return detail::from_c(artifact_->media_type); }
    Json metadata() const { return Json::parse(detail::from_c(artifact_->metadata)); }
    std::uint64_t size() const { return artifact_->size; }
    int fd() const { return artifact_->fd; }

    std::string read_all() const {
        std::string bytes(artifact_->size, '\0');
        for (std::size_t at = 0; at < bytes.size();) {
            const ssize_t got = ::pread(fd(), bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0)
                throw Failure("InternalError", "The artifact " + std::string(handle()) + " cannot be read.");
            at += static_cast<std::size_t>(got);
        }
        return bytes;
    }

  private:
    const assistd_artifact* artifact_;
};

// One running call.
class Call {
  public:
    explicit Call(assistd_call& call) : call_(&call) {}

    void progress(double fraction, std::string_view note = {}) {
        call_->progress(call_, fraction, detail::to_c(note));
    }
    bool cancelled() const { return call_->is_cancelled(call_) != 0; }
    void check_cancelled() const {
        if (cancelled()) throw Cancelled();
    }

    // The artifact that an argument names; a ValidationError when no argument names it.
    Artifact artifact(const std::string& handle) const {
        const assistd_artifact* found = call_->read_artifact(call_, detail::to_c(handle));
        if (!found) throw invalid_argument("artifact", "There is no artifact named " + handle + ".");
        return Artifact(*found);
    }

    // Begins an artifact and returns a descriptor to write to; the host closes it.
    int create_artifact(const std::string& kind, const std::string& name, const std::string& media_type,
                        const Json& metadata = Json::object()) {
        const std::string text = metadata.dump();
        const int fd = call_->create_artifact(call_, detail::to_c(kind), detail::to_c(name),
                                              detail::to_c(media_type), detail::to_c(text));
        if (fd < 0)
            throw Failure("QuotaExceededError", "The call may not store another artifact (" + name + ").");
        return fd;
    }
    // Stores `bytes` as an artifact in one go.
    void write_artifact(const std::string& kind, const std::string& name, const std::string& media_type,
                        std::string_view bytes, const Json& metadata = Json::object()) {
        const int fd = create_artifact(kind, name, media_type, metadata);
        while (!bytes.empty()) {
            const ssize_t put = ::write(fd, bytes.data(), bytes.size());
            if (put < 0 && errno == EINTR) continue;
            if (put <= 0)
                throw Failure("QuotaExceededError",
                              "The artifact " + name + " cannot be written: " + std::strerror(errno) + ".");
            bytes.remove_prefix(static_cast<std::size_t>(put));
        }
    }

  private:
    assistd_call* call_;
};

// A good result: `data` fits the tool's output schema, `summary` is one line for people.
struct Result {
    Json data;
    std::string summary;
};

using ToolHandler = std::function<Result(Call&, const Json& arguments)>;

// The tools of one plugin; filled in the body of ASSISTD_PLUGIN.
class ToolTable {
  public:
    explicit ToolTable(const assistd_host& host) : host_(&host) {}

    void add(std::string name, ToolHandler handler) {
        handlers_.insert_or_assign(std::move(name), std::move(handler));
    }
    void log(assistd_log_level level, std::string_view message) const {
        host_->log(host_, level, detail::to_c(message));
    }
    std::string scratch_folder() const { return std::string(detail::from_c(host_->scratch_folder)); }

    const ToolHandler* find(std::string_view name) const {
        const auto found = handlers_.find(name);
        return found == handlers_.end() ? nullptr : &found->second;
    }

  private:
    const assistd_host* host_;
    std::map<std::string, ToolHandler, std::less<>> handlers_;
};

namespace detail {

inline assistd_status fail(assistd_call* call, std::string_view type, std::string_view message,
                           std::string_view details, bool recoverable) {
    call->emit_error(call, to_c(type), to_c(message), to_c(details), recoverable ? 1 : 0);
    return ASSISTD_FAILED;
}

// Runs a handler; no exception leaves it.
inline assistd_status run(const ToolHandler& handler, assistd_string arguments, assistd_call* call) noexcept {
    try {
        Call running(*call);
        const Result result = handler(running, Json::parse(from_c(arguments)));
        const std::string data = result.data.dump();
        return call->emit_result(call, to_c(data), to_c(result.summary));
    } catch (const Cancelled& cancelled) {
        fail(call, "CancelledError", cancelled.what(), {}, true);
        return ASSISTD_CANCELLED;
    } catch (const Failure& failure) {
        const std::string details = failure.details().is_null() ? "" : failure.details().dump();
        return fail(call, failure.type(), failure.what(), details, failure.recoverable());
    } catch (const std::bad_alloc&) {
        return fail(call, "QuotaExceededError", "The call needs more memory than it may use.", {}, true);
    } catch (const std::exception& error) {
        return fail(call, "InternalError", error.what(), {}, false);
    } catch (...) {
        return fail(call, "InternalError", "The plugin threw something that is no exception.", {}, false);
    }
}

struct Instance {
    assistd_plugin plugin;
    ToolTable tools;

    explicit Instance(const assistd_host& host) : plugin{}, tools(host) {
        plugin.struct_size = sizeof plugin;
        plugin.plugin_data = this;
        plugin.call = [](assistd_plugin* self, assistd_string tool, assistd_string arguments,
                         assistd_call* call) {
            const ToolHandler* handler = static_cast<Instance*>(self->plugin_data)->tools.find(from_c(tool));
            return handler ? run(*handler, arguments, call) : ASSISTD_UNKNOWN_TOOL;
        };
        plugin.destroy = [](assistd_plugin* self) { delete static_cast<Instance*>(self->plugin_data); };
    }
};

inline assistd_plugin* make_instance(const assistd_host* host, void (*fill)(ToolTable&)) noexcept {
    try {
        auto instance = std::make_unique<Instance>(*host);
        fill(instance->tools);
        return &instance.release()->plugin;
    } catch (const std::exception& error) {
        host->log(host, ASSISTD_LOG_ERROR, to_c(error.what()));
    } catch (...) {
        host->log(host, ASSISTD_LOG_ERROR, to_c("the plugin's start threw something that is no exception"));
    }
    return nullptr;
}

}  // namespace detail
}  // namespace assistd

// Defines the one exported function. Its body registers the tools: ASSISTD_PLUGIN(tools) { tools.add(…); }
#define ASSISTD_PLUGIN(tools)                                                               \
    static void assistd_fill_tools(::assistd::ToolTable& tools);                            \
    extern "C" ASSISTD_EXPORT const assistd_plugin_descriptor* assistd_plugin_entry(void) { \
        static const assistd_plugin_descriptor descriptor = {                               \
            sizeof(assistd_plugin_descriptor), ASSISTD_ABI_MAJOR, ASSISTD_ABI_MINOR,        \
            [](const assistd_host* host) {                                                  \
                return ::assistd::detail::make_instance(host, &assistd_fill_tools);         \
            }};                                                                             \
        return &descriptor;                                                                 \
    }                                                                                       \
    static void assistd_fill_tools(::assistd::ToolTable& tools)
