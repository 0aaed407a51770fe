#pragma once
// The conversation API as assistctl uses it: JSON in, JSON out, refusals as Failures with the daemon's
// sentence. One thread.

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/http_client.h"

namespace assistd::cli {

using Json = nlohmann::ordered_json;

inline constexpr const char* api_prefix = "/api/v1/ai";

class ApiClient {
  public:
    // `program` is how assistctl was called.
    ApiClient(const std::string& program, const std::string& server, const std::string& key = {})
        : program_(program), http_(server, key) {}

    // `path` is behind the API's prefix. Throw Failure.
    Json get(const std::string& path) const { return call("GET", path, ""); }
    Json post(const std::string& path, const Json& body) const { return call("POST", path, body.dump()); }
    Json patch(const std::string& path, const Json& body) const { return call("PATCH", path, body.dump()); }
    void remove(const std::string& path) const { call("DELETE", path, ""); }

    // Throws NotReady when assistd answers there and cannot work, and another Failure unless it is assistd:
    // any program may answer 200.
    void must_be_ready(std::function<void()> tick = {}) const;

    const HttpClient& http() const { return http_; }
    const std::string& called() const { return program_; }  // without an address
    // What to type in this folder to reach the same daemon:
    // "build/release/bin/assistctl --server http://127.0.0.1:9000".
    std::string program() const;

    // Throws Failure with what a refusal says, in the daemon's own words.
    static void check(const HttpReply& reply);
    // The JSON of a good answer; null when it has none. `server` is named when it is no JSON.
    static Json read(const HttpReply& reply, const std::string& server);

  private:
    Json call(const std::string& method, const std::string& path, const std::string& body) const;

    std::string program_;
    HttpClient http_;
};

}  // namespace assistd::cli
