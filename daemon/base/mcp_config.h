#pragma once
// The Model Context Protocol, as the configuration's section `mcp` says it: whether the daemon's tools are
// offered by it, and the servers whose tools the daemon offers. Values, shared read-only.

#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace assistd {

struct McpServerConfig {
    std::string name;
    // Either a program that speaks on its standard input and output …
    std::string command;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::string folder;  // in which it runs; empty: the daemon's
    // … or an address, with headers and where its key is: at most one of them.
    std::string url;
    std::map<std::string, std::string> headers;
    std::string api_key_env;
    std::string api_key_file;
    std::string api_key_credential;

    std::string prefix;                              // of its tools' names
    std::vector<std::string> tools;                  // patterns of the server's own names; empty: all of them
    std::chrono::milliseconds timeout{60'000};       // of a call
    std::chrono::milliseconds idle_timeout{60'000};  // of a call in which nothing is heard
    bool enabled = true;

    bool operator==(const McpServerConfig&) const = default;
};

struct McpConfig {
    bool serve = true;  // the daemon's tools at /mcp
    std::vector<McpServerConfig> servers;

    bool operator==(const McpConfig&) const = default;
};

}  // namespace assistd
