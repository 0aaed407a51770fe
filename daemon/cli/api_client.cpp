#include "cli/api_client.h"

#include <algorithm>
#include <cctype>
#include <cstring>

#include "cli/failure.h"

namespace assistd::cli {
namespace {

// As a shell takes it for one word.
std::string quoted(const std::string& word) {
    const auto is_plain = [](unsigned char c) {
        return std::isalnum(c) || c >= 0x80 || std::strchr("/._-+:@%,=", c);
    };
    if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return word;
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
}

}  // namespace

void ApiClient::check(const HttpReply& reply) {
    if (reply.status >= 200 && reply.status < 300) return;
    std::string sentence = "The daemon answered with status " + std::to_string(reply.status) + ".";
    std::string type = "daemon_error";
    std::string name = "status_" + std::to_string(reply.status);
    const Json body = Json::parse(reply.body, nullptr, false);
    if (body.is_object() && body.contains("error") && body.at("error").is_object()) {
        const Json& error = body.at("error");
        // Some doors say null where there is nothing to say.
        const auto said = [&](const char* member, std::string& text) {
            if (error.contains(member) && error.at(member).is_string()) text = error.at(member);
        };
        said("message", sentence);
        said("type", type);
        said("code", name);
        // One entry for each wrong field; a single one is the message already.
        const Json details = error.value("details", Json::object());
        const Json fields = details.is_object() ? details.value("errors", Json::array()) : details;
        if (fields.is_array())
            for (const Json& field : fields)
                if (field.is_object() && field.value("message", "") != sentence)
                    sentence += "\n  " + field.value("message", "");
    }
    if (reply.status == 401)
        sentence += " assistctl sends the key that --key or the environment variable ASSISTD_API_KEY has.";
    throw Failure(ExitCode::failed, sentence, type, name);
}

std::string ApiClient::program() const {
    const std::string name = quoted(program_);
    return http_.server() == "http://127.0.0.1:8080" ? name : name + " --server " + http_.server();
}

void ApiClient::must_be_ready(std::function<void()> tick) const {
    HttpRequest request;
    request.path = "/readyz";
    request.tick = std::move(tick);
    const HttpReply reply = http_.send(std::move(request));
    const Json page = Json::parse(reply.body, nullptr, false);
    const bool is_assistd = page.is_object() && page.value("name", Json()) == "assistd";
    try {
        check(reply);
    } catch (const Failure& failure) {
        if (is_assistd) throw NotReady(failure);
        throw;
    }
    if (!is_assistd)
        throw Failure(ExitCode::failed,
                      "Another program answers at " + http_.server() + ": it is not assistd.");
}

Json ApiClient::call(const std::string& method, const std::string& path, const std::string& body) const {
    HttpRequest request;
    request.method = method;
    request.path = api_prefix + path;
    request.body = body;
    request.headers = {"Accept: application/json"};
    return read(http_.send(std::move(request)), http_.server());
}

Json ApiClient::read(const HttpReply& reply, const std::string& server) {
    check(reply);
    if (!reply.complete)
        throw Unreachable("The connection to " + server + " broke in the middle of the answer; try again.");
    if (reply.body.empty()) return Json();
    Json json = Json::parse(reply.body, nullptr, false);
    if (json.is_discarded())
        throw Failure(ExitCode::failed, "What answers at " + server + " is not assistd: it sent no JSON.");
    return json;
}

}  // namespace assistd::cli
