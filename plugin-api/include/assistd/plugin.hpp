#pragma once
// The C++20 face of the plugin ABI, header only: describe a struct for a tool's arguments, register a
// function for the tool.
//
//     #include <assistd/plugin.hpp>
//
//     struct Greeting {
//         std::string name;
//         int times = 1;
//     };
//     void describe(assistd::Fields<Greeting>& fields) {
//         fields.required("name", &Greeting::name, "Whom to greet").length(1, 100);
//         fields.optional("times", &Greeting::times, "How often").range(1, 10);
//     }
//
//     assistd::Result greet(assistd::Call& call, const Greeting& greeting) {
//         call.progress(0.5, "thinking of words");
//         return {{{"greeting", "Hello, " + greeting.name + "."}}, "Greeted " + greeting.name + "."};
//     }
//
//     ASSISTD_PLUGIN(tools) { tools.add<Greeting>("greet", greet); }
//
// fields.hpp says how structs are described, call.hpp what a handler can do. Whatever a handler throws
// becomes the call's failure: Failure as it says, any other exception as InternalError.

#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "assistd/call.hpp"
#include "assistd/failure.hpp"
#include "assistd/fields.hpp"
#include "assistd/plugin.h"
#include "assistd/schemas.h"

namespace assistd {

// A good result: `data` fits the tool's output schema, `summary` is one line for people.
struct Result {
    Json data;
    std::string summary;
};

// The same with typed data, from whose description the output schema is derived.
template <class Data>
struct ResultOf {
    Data data;
    std::string summary;
};

using ToolHandler = std::function<Result(Call&, const Json& arguments)>;

namespace detail {

// How a handler's return type becomes a Result, and its output schema; null when it says nothing of its data.
template <class Returned>
struct Returns;
template <>
struct Returns<Result> {
    static Json schema() { return nullptr; }
    static Result result(Result&& returned) { return std::move(returned); }
};
template <Described Data>
struct Returns<ResultOf<Data>> {
    static Json schema() { return schema_of_result(fields_of<Data>().schema()); }
    static Result result(ResultOf<Data>&& returned) {
        return {as_json(returned.data), std::move(returned.summary)};
    }
};

// The daemon opens artifacts that stand at the top of the arguments or in a list there, and no others.
inline void check_artifacts(const Json& input) {
    for (const auto& [name, property] : input.at("properties").items()) {
        const Json& item = property.contains("items") ? property.at("items") : property;
        if (item.value("format", "") != "artifact" &&
            item.dump().find(R"("format":"artifact")") != std::string::npos)
            throw std::logic_error(
                "The artifact in " + name +
                " stands too deep; put it at the top of the arguments, or in a list there.");
    }
}

inline Json with_input(const Json& input) {
    check_artifacts(input);
    return {{"input", input}};
}

template <class Arguments, class Returned>
Json tool_schemas() {
    Json schemas = with_input(schema_of<Arguments>());
    if (Json output = Returns<Returned>::schema(); !output.is_null()) schemas["output"] = std::move(output);
    return schemas;
}

}  // namespace detail

// The tools of one plugin; filled in the body of ASSISTD_PLUGIN.
class ToolTable {
  public:
    explicit ToolTable(const assistd_host& host) : host_(&host) {}

    // A tool with described arguments: handler(Call&, const Arguments&) gives a Result or a ResultOf<Data>.
    // The manifest needs no "input" for it, and no "output" for a ResultOf; the build puts them in.
    template <class Arguments, class Handler>
    void add(std::string name, Handler handler) {
        static_assert(detail::Described<Arguments>,
                      "void describe(assistd::Fields<Arguments>&) must stand in the namespace of Arguments");
        static_assert(std::is_invocable_v<Handler&, Call&, const Arguments&>,
                      "the handler of a typed tool takes (assistd::Call&, const Arguments&)");
        using Returned = std::remove_cvref_t<std::invoke_result_t<Handler&, Call&, const Arguments&>>;
        schemas_.insert_or_assign(name, &detail::tool_schemas<Arguments, Returned>);
        add(std::move(name), [handler = std::move(handler)](Call& call, const Json& arguments) mutable {
            return detail::Returns<Returned>::result(
                handler(call, read_arguments<Arguments>(arguments, call)));
        });
    }
    // A tool that reads JSON, which fits the "input" of its manifest.
    void add(std::string name, ToolHandler handler) {
        handlers_.insert_or_assign(std::move(name), std::move(handler));
    }
    // The same with an "input" that code puts together, as from schema_of several structs.
    void add(std::string name, std::function<Json()> input, ToolHandler handler) {
        schemas_.insert_or_assign(name, [input = std::move(input)] { return detail::with_input(input()); });
        add(std::move(name), std::move(handler));
    }

    void log(assistd_log_level level, std::string_view message) const {
        host_->log(host_, level, detail::to_c(message));
    }
    std::string scratch_folder() const { return std::string(detail::from_c(host_->scratch_folder)); }

    // For the SDK.
    const assistd_catalogue* catalogue() const {
        return static_cast<const assistd_catalogue*>(host_->get_extension(host_, ASSISTD_CATALOGUE_1));
    }
    const ToolHandler* find(std::string_view name) const {
        const auto found = handlers_.find(name);
        return found == handlers_.end() ? nullptr : &found->second;
    }
    bool has_schemas() const { return !schemas_.empty(); }
    Json schemas() const {
        Json all = Json::object();
        for (const auto& [name, schemas] : schemas_) {
            try {
                all[name] = schemas();
            } catch (const std::exception& error) {
                throw std::logic_error("The tool " + name + " is described wrongly. " + error.what());
            }
        }
        return all;
    }

  private:
    const assistd_host* host_;
    std::map<std::string, ToolHandler, std::less<>> handlers_;
    std::map<std::string, std::function<Json()>> schemas_;
};

namespace detail {

inline assistd_status fail(assistd_call* call, std::string_view type, std::string_view message,
                           std::string_view details, bool recoverable) {
    call->emit_error(call, to_c(type), to_c(message), to_c(details), recoverable ? 1 : 0);
    return ASSISTD_FAILED;
}

// Runs a handler; no exception leaves it.
inline assistd_status run(const ToolHandler& handler, assistd_string arguments, assistd_call* call,
                          const assistd_catalogue* catalogue) noexcept {
    try {
        Call running(*call, catalogue);
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
    std::string schemas;

    explicit Instance(const assistd_host& host) : plugin{}, tools(host) {
        plugin.struct_size = sizeof plugin;
        plugin.plugin_data = this;
        plugin.call = [](assistd_plugin* self, assistd_string tool, assistd_string arguments,
                         assistd_call* call) {
            const ToolHandler* handler = of(self).tools.find(from_c(tool));
            return handler ? run(*handler, arguments, call, of(self).tools.catalogue())
                           : ASSISTD_UNKNOWN_TOOL;
        };
        plugin.destroy = [](assistd_plugin* self) { delete &of(self); };
        plugin.get_extension = [](assistd_plugin* self, const char* id) -> const void* {
            static const assistd_schemas extension{sizeof(assistd_schemas), &Instance::write_schemas};
            return of(self).tools.has_schemas() && std::string_view(id) == ASSISTD_SCHEMAS_1 ? &extension
                                                                                             : nullptr;
        };
    }

    static Instance& of(assistd_plugin* plugin) { return *static_cast<Instance*>(plugin->plugin_data); }
    static assistd_string write_schemas(assistd_plugin* plugin) noexcept {
        Instance& self = of(plugin);
        try {
            self.schemas = self.tools.schemas().dump();
        } catch (const std::exception& error) {
            self.tools.log(ASSISTD_LOG_ERROR, error.what());
            self.schemas.clear();
        }
        return to_c(self.schemas);
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
