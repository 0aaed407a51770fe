#include "tools/plugins/manifest_members.h"

#include <cmath>

#include "base/error.h"
#include "tools/sentence_text.h"

namespace assistd::tools {
namespace {

constexpr std::size_t max_phrases = 64;
constexpr std::size_t max_phrase_bytes = 2'000;

}  // namespace

void refuse_manifest(const std::string& sentence) {
    throw Error(ErrorCode::validation, "has a manifest that is not valid: " + sentence);
}

bool consists_of(std::string_view text, std::string_view allowed) {
    return !text.empty() && text.find_first_not_of(allowed) == std::string_view::npos;
}

ManifestMembers::ManifestMembers(const Json& object, std::string where)
    : object_(object), where_(std::move(where)) {
    if (!object.is_object()) refuse_manifest(where_ + " must be an object.");
}

const nlohmann::json* ManifestMembers::find(const std::string& key) {
    known_.insert(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
}

const nlohmann::json& ManifestMembers::need(const std::string& key) {
    const Json* value = find(key);
    if (!value) refuse_manifest(at(key) + " is missing.");
    return *value;
}

std::string ManifestMembers::text_or(const std::string& key, std::string otherwise, std::size_t most) {
    const Json* value = find(key);
    return value ? as_text(key, *value, most) : otherwise;
}

bool ManifestMembers::flag_or(const std::string& key, bool otherwise) {
    const Json* value = find(key);
    if (!value) return otherwise;
    if (!value->is_boolean()) refuse_manifest(at(key) + " must be true or false.");
    return value->get<bool>();
}

double ManifestMembers::number_or(const std::string& key, double otherwise, double least, double most) {
    const Json* value = find(key);
    if (!value) return otherwise;
    const double number = value->is_number() ? value->get<double>() : std::nan("");
    if (!(number >= least && number <= most))
        refuse_manifest(at(key) + " must be a number from " + number_text(least) + " to " +
                        number_text(most) + ".");
    return number;
}

std::vector<std::string> ManifestMembers::phrases(const std::string& key) {
    const Json* value = find(key);
    if (!value) return {};
    if (!value->is_array() || value->size() > max_phrases)
        refuse_manifest(at(key) + " must be a list of at most " + std::to_string(max_phrases) + " texts.");
    std::vector<std::string> texts;
    for (const Json& entry : *value) {
        if (!entry.is_string() || entry.get_ref<const std::string&>().empty() ||
            entry.get_ref<const std::string&>().size() > max_phrase_bytes)
            refuse_manifest(at(key) + " must hold texts of 1 to " + std::to_string(max_phrase_bytes) +
                            " bytes.");
        texts.push_back(entry.get<std::string>());
    }
    return texts;
}

void ManifestMembers::refuse_others() const {
    for (const auto& [key, value] : object_.items())
        if (!known_.contains(key)) refuse_manifest(at(key) + " is no key that a manifest has.");
}

std::string ManifestMembers::as_text(const std::string& key, const Json& value, std::size_t most) const {
    if (!value.is_string() || value.get_ref<const std::string&>().empty())
        refuse_manifest(at(key) + " must be text.");
    const auto& text = value.get_ref<const std::string&>();
    if (text.size() > most)
        refuse_manifest(at(key) + " has " + std::to_string(text.size()) + " bytes, and may have " +
                        std::to_string(most) + ".");
    return text;
}

}  // namespace assistd::tools
