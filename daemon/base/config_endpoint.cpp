#include "base/config_endpoint.h"

#include <algorithm>

namespace assistd {
namespace {

bool is_header_name(std::string_view text) {
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) || others.find(static_cast<char>(c)) != std::string_view::npos);
    });
}

}  // namespace

std::map<std::string, std::string> headers_of(const ConfigValue& value) {
    std::map<std::string, std::string> headers;
    for (const ConfigValue& header : members_of(value)) {
        if (!is_header_name(header.name)) refuse(header, "is no name of a header");
        const std::string& text = text_of(header);
        if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }))
            refuse(header, "must be one line without control characters");
        headers[header.name] = text;
    }
    return headers;
}

const std::string& base_url_of(const ConfigValue& value, std::string_view instead) {
    const std::string& url = text_of(value);
    const std::size_t scheme = url.find("://");
    const std::size_t host = scheme == std::string::npos ? 0 : scheme + 3;
    const std::string authority = url.substr(host, url.find_first_of("/?#", host) - host);
    if (authority.find('@') != std::string::npos)
        refuse(value, "must not hold a name or password; " + std::string(instead));
    // What follows may be a key, too.
    const std::size_t end = url.find_first_of("?# \t\r\n");
    if (end != std::string::npos)
        refuse(value, "must be an address without blanks, ? and #; until there it is " +
                          in_quotes(url.substr(0, end)));
    if (!url.starts_with("http://") && !url.starts_with("https://"))
        refuse(value, "must begin with http:// or https://; it is " + in_quotes(url));
    if (authority.empty() || authority.front() == ':')
        refuse(value, "must name a host after " + url.substr(0, host) + "; it is " + in_quotes(url));
    const std::size_t colon = authority.find(':', authority.rfind(']') + 1);
    if (colon != std::string::npos) {
        ConfigValue port = value;
        port.path += "'s port";
        port.text = authority.substr(colon + 1);
        number_of<std::uint16_t>(port, 1, 65535);
    }
    return url;
}

bool is_variable_name(const std::string& text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) || c == '_');
    });
}

void check_keys(const ConfigValue& section, const KeySources& keys, const std::string& called,
                SecretForm form) {
    const ConfigValue* variable = section.child(called + "_env");
    const ConfigValue* file = section.child(called + "_file");
    const ConfigValue* credential = section.child(called + "_credential");
    if ((variable != nullptr) + (file != nullptr) + (credential != nullptr) > 1)
        refuse(section, "must have at most one of " + called + "_env, " + called + "_file and " + called +
                            "_credential");
    if (variable && !is_variable_name(variable->text))  // it may be the key itself: it is not shown
        refuse(*variable, "must be the name of an environment variable (letters, digits and \"_\")");
    if (credential && (credential->text.empty() || credential->text.find('/') != std::string::npos))
        refuse(*credential, "must be a credential's name; it is " + in_quotes(credential->text));
    const auto text = [](const ConfigValue* value) { return value ? value->text : std::string(); };
    const SecretPlace place{text(variable), text(file), text(credential)};
    const FoundSecret found =
        form == SecretForm::line ? find_key(place, keys.environment) : find_secret(place, keys.environment);
    if (found.problem.empty()) return;
    const ConfigValue& named = variable ? *variable : file ? *file : *credential;
    if (!found.is_of_service || !keys.of_service) refuse(named, found.problem);
    const std::string how = variable ? "" : " (LoadCredential=" + credential->text + ":FILE in its unit)";
    keys.of_service->push_back(named.origin.place + ": " + named.path + " " + found.problem +
                               ". The service does not start without it" + how + ".");
}

}  // namespace assistd
