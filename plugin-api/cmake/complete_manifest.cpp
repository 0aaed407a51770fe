// complete_manifest LIBRARY MANIFEST OUTPUT: a step of a plugin's build. Asks the library that was just
// linked for the schemas of its typed tools (assistd/schemas.h) and writes the manifest with them, and with
// the parts of its phrases put in, to OUTPUT. Says in a sentence on standard error what is wrong and then
// exits with 1, or with 3 when the library cannot be loaded here.

#include <assistd/schemas.h>
#include <dlfcn.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "phrase_parts.h"

namespace {

using Json = nlohmann::json;
using OrderedJson = nlohmann::ordered_json;  // the manifest keeps its order

std::string text_of(assistd_string text) {
    return {text.data, text.size};
}

// What the plugin says while it starts is the reason when it does not.
struct Host {
    Host() {
        table.struct_size = sizeof table;
        table.abi_major = ASSISTD_ABI_MAJOR;
        table.abi_minor = ASSISTD_ABI_MINOR;
        table.host_data = this;
        table.log = [](const assistd_host* host, assistd_log_level level, assistd_string message) {
            if (level == ASSISTD_LOG_ERROR)
                static_cast<Host*>(host->host_data)->last_error = text_of(message);
        };
        table.scratch_folder = {"/tmp", 4};
        table.get_extension = [](const assistd_host*, const char*) -> const void* { return nullptr; };
    }

    assistd_host table{};
    std::string last_error;
};

class CannotLoad : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

assistd_plugin* start(const assistd_plugin_descriptor& descriptor, const Host& host) {
    try {
        if (assistd_plugin* plugin = descriptor.create(&host.table)) return plugin;
    } catch (...) {
        throw CannotLoad("it throws an exception when it starts.");
    }
    throw CannotLoad("it does not start. " + host.last_error);
}

// The schemas by tool; empty when the plugin has no typed tool. The library stays loaded.
Json schemas_of(const std::string& library) {
    void* loaded = ::dlopen(library.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!loaded) throw CannotLoad("it cannot be loaded: " + std::string(::dlerror()));
    const auto entry = reinterpret_cast<assistd_plugin_entry_fn>(::dlsym(loaded, "assistd_plugin_entry"));
    const assistd_plugin_descriptor* descriptor = entry ? entry() : nullptr;
    if (!descriptor || !descriptor->create) throw CannotLoad("it has no assistd_plugin_entry.");
    Host host;
    assistd_plugin* plugin = start(*descriptor, host);
    if (!plugin->get_extension) return Json::object();
    const auto* extension =
        static_cast<const assistd_schemas*>(plugin->get_extension(plugin, ASSISTD_SCHEMAS_1));
    if (!extension) return Json::object();
    const std::string text = text_of(extension->tools(plugin));
    if (text.empty()) throw std::runtime_error(host.last_error);
    return Json::parse(text);
}

std::string content_of(const std::string& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// Puts one schema of a tool in its place, or compares it with the one that stands there.
void complete(OrderedJson& tool, const char* key, const Json& derived) {
    if (!tool.contains(key)) {
        tool[key] = OrderedJson::parse(derived.dump());
        return;
    }
    const Json changes = Json::diff(Json::parse(tool.at(key).dump()), derived);
    if (changes.empty()) return;
    const std::string path = changes.front().at("path");
    throw std::runtime_error("the tool " + tool.at("name").get<std::string>() + " has an \"" + key +
                             "\" that its code contradicts at " + (path.empty() ? "its top" : path) +
                             ". Take it out: it is derived from the described struct.");
}

void complete(OrderedJson& manifest, const Json& schemas) {
    for (OrderedJson& tool : manifest.at("tools")) {
        const std::string name = tool.at("name");
        if (const auto found = schemas.find(name); found != schemas.end()) {
            for (const char* key : {"input", "output"})
                if (found->contains(key)) complete(tool, key, found->at(key));
        } else if (!tool.contains("input")) {
            throw std::runtime_error(
                "the tool " + name +
                " has no \"input\", and the code has no typed tool of that name. Register it "
                "with tools.add<Arguments>(\"" +
                name + "\", …), or write its \"input\".");
        }
    }
}

// Of two entries of one name the first would be lost without a word.
OrderedJson parsed(const std::string& text) {
    std::vector<std::set<std::string>> keys;  // of the objects that are open
    const auto watch = [&](int, OrderedJson::parse_event_t event, const OrderedJson& value) {
        if (event == OrderedJson::parse_event_t::object_start) keys.emplace_back();
        if (event == OrderedJson::parse_event_t::object_end) keys.pop_back();
        if (event == OrderedJson::parse_event_t::key && !keys.back().insert(value.get<std::string>()).second)
            throw std::runtime_error("the key \"" + value.get<std::string>() +
                                     "\" stands twice in one object.");
        return true;
    };
    return OrderedJson::parse(text, watch);
}

// The manifest's own text when there is nothing to add.
std::string completed(const std::string& library, const std::string& text) {
    const OrderedJson written = parsed(text);
    OrderedJson manifest = written;
    put_in_phrase_parts(manifest);
    complete(manifest, schemas_of(library));
    return manifest == written ? text : manifest.dump(2) + "\n";
}

int fail(int code, const std::string& file, const std::string& sentence) {
    std::fprintf(stderr, "%s: %s\n", file.c_str(), sentence.c_str());
    return code;
}

int run(const std::string& library, const std::string& manifest, const std::string& output) {
    try {
        const std::string text = completed(library, content_of(manifest));
        std::ofstream stream(output);
        stream << text;
        stream.close();
        return stream ? 0 : fail(1, output, "it cannot be written.");
    } catch (const CannotLoad& error) {
        return fail(3, library, error.what());
    } catch (const std::exception& error) {
        return fail(1, manifest, error.what());
    }
}

}  // namespace

int main(int count, char** arguments) {
    const int code = count == 4 ? run(arguments[1], arguments[2], arguments[3])
                                : fail(1, "complete_manifest", "it needs LIBRARY MANIFEST OUTPUT.");
    std::fflush(nullptr);
    ::_exit(code);  // what the library would do at exit is of no interest here
}
