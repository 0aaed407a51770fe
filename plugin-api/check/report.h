#pragma once
// What was found out about a plugin: one finding after the other, written as lines for people while they come
// or, at the end, as one JSON document. One thread.

#include <iosfwd>
#include <nlohmann/json.hpp>
#include <string>

namespace assistd::check {

class Report {
  public:
    // Lines go to `out` at once unless `json`.
    Report(std::ostream& out, bool json) : out_(out), json_(json) {}

    // `check` says what was looked at: "manifest", or a tool's name. `sentence` is whole; that of a failure
    // says what to do. `facts` are for programs.
    void ok(const std::string& check, const std::string& sentence, nlohmann::json facts = {});
    void note(const std::string& check, const std::string& sentence, nlohmann::json facts = {});
    void fail(const std::string& check, const std::string& sentence, nlohmann::json facts = {});

    // What the document says of the plugin, "id" and the like.
    void about(const std::string& key, nlohmann::json value) { about_[key] = std::move(value); }

    bool good() const { return failures_ == 0; }
    // The last line, or the whole document. `file` is how the plugin was named.
    void finish(const std::string& file);

  private:
    void add(const char* status, const std::string& check, const std::string& sentence, nlohmann::json facts);

    std::ostream& out_;
    const bool json_;
    int findings_ = 0;
    int failures_ = 0;
    int notes_ = 0;
    nlohmann::json about_ = nlohmann::json::object();
    nlohmann::json checks_ = nlohmann::json::array();
};

// "1 call", "3 calls".
std::string counted(std::size_t count, const std::string& noun);
// "a", "a and b", "a, b and 4 more".
std::string listed(const std::vector<std::string>& names, std::size_t most = 8);

}  // namespace assistd::check
