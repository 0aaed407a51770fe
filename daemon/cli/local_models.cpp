#include "cli/local_models.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "cli/failure.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

constexpr auto patience = std::chrono::seconds(2);

// One that was found, and what the daemon has to know of it.
struct Found {
    std::string program;
    std::string kind;
    std::string address;
    std::string base_url;
    std::vector<std::string> models;
};

// What a server of somebody else's answers; null when there is none, or nothing that we know.
Json ask_other(const std::string& server, const std::string& path) {
    HttpRequest request;
    request.path = path;
    const auto end = std::chrono::steady_clock::now() + patience;
    request.tick = [end] {
        if (std::chrono::steady_clock::now() > end) throw Unreachable("It does not answer in time.");
    };
    try {
        const HttpReply reply = HttpClient(server).send(std::move(request));
        if (reply.status != 200) return nullptr;
        return Json::parse(reply.body, nullptr, false);
    } catch (const Failure&) {
        return nullptr;
    }
}

std::string environment(const char* name, const std::string& otherwise) {
    const char* value = std::getenv(name);
    return value == nullptr || *value == '\0' ? otherwise : value;
}

// Where Ollama listens, by its own variable OLLAMA_HOST.
std::string ollama_address() {
    std::string host = environment("OLLAMA_HOST", "127.0.0.1:11434");
    if (host.find("://") == std::string::npos) host = "http://" + host;
    const std::string any = "://0.0.0.0";
    if (const std::size_t at = host.find(any); at != std::string::npos)
        host.replace(at, any.size(), "://127.0.0.1");
    return host.find(':', host.find("://") + 3) == std::string::npos ? host + ":11434" : host;
}

// And llama-server, by its variable LLAMA_ARG_PORT. Its usual port is the daemon's usual one too, and who
// runs both moves one of them to the next.
std::vector<std::string> llama_server_addresses() {
    const std::string port = environment("LLAMA_ARG_PORT", "");
    if (!port.empty()) return {"http://127.0.0.1:" + port};
    return {"http://127.0.0.1:8080", "http://127.0.0.1:8081"};
}

// "127.0.0.1:11434" of a URL; the names of this machine are one.
std::string place_of(const std::string& url) {
    const std::size_t scheme = url.find("://");
    const std::size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
    std::string place = url.substr(begin, url.find_first_of("/?#", begin) - begin);
    std::transform(place.begin(), place.end(), place.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const std::string own : {"localhost", "[::1]", "0.0.0.0"})
        if (place.starts_with(own)) place.replace(0, own.size(), "127.0.0.1");
    if (place.find(':', place.find(']') + 1) == std::string::npos)
        place += url.starts_with("https://") ? ":443" : ":80";
    return place;
}

bool is_configured(const Json& providers, const std::string& address) {
    const Json list = providers.value("providers", Json::array());
    return std::any_of(list.begin(), list.end(), [&](const Json& provider) {
        const std::string base_url = field(provider, "base_url");
        return !base_url.empty() && place_of(base_url) == place_of(address);
    });
}

// A name that no provider has.
std::string free_name(const Json& providers) {
    const Json list = providers.value("providers", Json::array());
    const auto is_taken = [&](const std::string& name) {
        return std::any_of(list.begin(), list.end(),
                           [&](const Json& provider) { return field(provider, "name") == name; });
    };
    std::string name = "local";
    for (int number = 2; is_taken(name); ++number) name = fmt::format("local{}", number);
    return name;
}

std::vector<std::string> names_in(const Json& document, const char* list, const char* name) {
    std::vector<std::string> names;
    if (!document.is_object() || !document.contains(list) || !document.at(list).is_array()) return names;
    for (const Json& one : document.at(list))
        if (one.is_object() && !field(one, name).empty()) names.push_back(harmless(field(one, name)));
    return names;
}

std::vector<Found> look_around(const std::string& own_server) {
    std::vector<Found> found;
    const std::string ollama = ollama_address();
    found.push_back(
        {"Ollama", "ollama", ollama, ollama, names_in(ask_other(ollama, "/api/tags"), "models", "name")});
    for (const std::string& llama : llama_server_addresses()) {
        if (place_of(llama) == place_of(own_server)) continue;
        const Json list = ask_other(llama, "/v1/models");
        std::vector<std::string> models = names_in(list, "data", "id");
        if (!models.empty() && field(list.at("data").at(0), "owned_by") == "llamacpp")
            found.push_back({"llama-server", "openai", llama, llama + "/v1", std::move(models)});
    }
    return found;
}

}  // namespace

std::vector<std::string> unused_local_models(const Json& providers, const std::string& own_server) {
    std::vector<std::string> offers;
    const std::string name = free_name(providers);
    for (const Found& found : look_around(own_server)) {
        if (found.models.empty() || is_configured(providers, found.address)) continue;
        offers.push_back(fmt::format(
            "{} answers at {} and has {}. To use it, put this into the configuration:\n  model: {}:{}\n"
            "  providers:\n    {}: {{kind: {}, base_url: \"{}\"}}",
            found.program, found.address, fmt::join(found.models, ", "), name, found.models.front(), name,
            found.kind, found.base_url));
    }
    return offers;
}

}  // namespace assistd::cli
