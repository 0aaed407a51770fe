#pragma once
// How the parts of a manifest are read: an object's members one by one, each of its type, and none that the
// reader does not know. Used by the readers of the manifest; one thread.

#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace assistd::tools {

// Throws the Error{validation} that parse_manifest promises.
[[noreturn]] void refuse_manifest(const std::string& sentence);

bool consists_of(std::string_view text, std::string_view allowed);

class ManifestMembers {
  public:
    using Json = nlohmann::json;
    static constexpr std::size_t usual_text = 4'096;  // bytes

    // `where` names the object in sentences; "it" is the manifest itself. `object` must outlive this.
    ManifestMembers(const Json& object, std::string where);

    std::string at(const std::string& key) const { return where_ == "it" ? key : where_ + "." + key; }

    const Json* find(const std::string& key);  // null: there is none
    const Json& need(const std::string& key);
    // Of at least one byte, and at most so many.
    std::string text(const std::string& key, std::size_t most = usual_text) {
        return as_text(key, need(key), most);
    }
    std::string text_or(const std::string& key, std::string otherwise, std::size_t most = usual_text);
    bool flag_or(const std::string& key, bool otherwise);
    double number_or(const std::string& key, double otherwise, double least, double most);
    std::vector<std::string> phrases(const std::string& key);
    // To be called last.
    void refuse_others() const;

  private:
    std::string as_text(const std::string& key, const Json& value, std::size_t most) const;

    const Json& object_;
    const std::string where_;
    std::set<std::string> known_;
};

}  // namespace assistd::tools
