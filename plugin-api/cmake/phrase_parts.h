#pragma once
// The parts of phrases: in a phrase or an option, "<dim>" stands for the text that the manifest's
// "phrase_parts" gives that name. They are put in when a plugin is built; whoever reads a library finds whole
// phrases.

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

class PhraseParts {
  public:
    using Json = nlohmann::ordered_json;

    explicit PhraseParts(Json given) : given_(std::move(given)) {
        const auto is_text = [](const Json& part) { return part.is_string(); };
        if (!given_.is_object() || !std::all_of(given_.begin(), given_.end(), is_text))
            throw std::runtime_error("\"phrase_parts\" must be an object of texts.");
        for (const auto& [name, text] : given_.items()) add(name, text.get<std::string>());
    }

    // `place` says in an error where the text stands: "the part \"dim\"".
    std::string put_into(const std::string& text, const std::string& place) {
        std::string whole;
        std::size_t from = 0;
        for (auto at = text.find_first_of("<>"); at != std::string::npos;
             at = text.find_first_of("<>", from)) {
            const std::size_t end = text.find_first_not_of(letters, at + 1);
            if (text[at] != '<' || end == at + 1 || end == std::string::npos || text[end] != '>')
                throw std::runtime_error(place + " has a \"" + text[at] +
                                         "\" that belongs to no name of a part, such as \"<name>\".");
            whole.append(text, from, at - from);
            whole += text_of(text.substr(at + 1, end - at - 1), place);
            from = end + 1;
        }
        return whole.append(text, from);
    }

    void refuse_unused() const {
        for (const Part& part : parts_)
            if (!part.used)
                throw std::runtime_error("\"phrase_parts\" has the part \"" + part.name +
                                         "\", which nothing uses.");
    }

  private:
    struct Part {
        std::string name;
        std::string text;  // whole
        bool used = false;
    };

    void add(const std::string& name, const std::string& text) {
        if (name.empty() || name.find_first_not_of(letters) != std::string::npos)
            throw std::runtime_error("\"phrase_parts\" has the name \"" + name +
                                     "\"; a name consists of letters, digits and \"_\".");
        if (!is_whole(text))
            throw std::runtime_error("the part \"" + name +
                                     "\" must close its brackets, and have some around alternatives.");
        parts_.push_back({name, put_into(text, "the part \"" + name + "\"")});
    }

    // "2d|3d" would tear the phrase that names it in two.
    static bool is_whole(const std::string& text) {
        int depth = 0;
        for (const char c : text) {
            depth += opening.find(c) != std::string_view::npos;
            depth -= closing.find(c) != std::string_view::npos;
            if (depth < 0 || (depth == 0 && c == '|')) return false;
        }
        return depth == 0;
    }

    const std::string& text_of(const std::string& name, const std::string& place) {
        const auto found =
            std::find_if(parts_.begin(), parts_.end(), [&](const Part& p) { return p.name == name; });
        if (found == parts_.end())
            throw std::runtime_error(place + " names <" + name + ">, which " +
                                     (given_.contains(name) ? "must stand before it in \"phrase_parts\"."
                                                            : "\"phrase_parts\" does not have."));
        found->used = true;
        return found->text;
    }

    static constexpr std::string_view opening = "([{";
    static constexpr std::string_view closing = ")]}";
    static constexpr auto letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    Json given_;
    std::vector<Part> parts_;  // of those the first ones, while they are made whole
};

// Makes the phrases and options of a manifest whole, and takes its "phrase_parts" out.
inline void put_in_phrase_parts(nlohmann::ordered_json& manifest) {
    using Json = nlohmann::ordered_json;
    PhraseParts parts(manifest.value("phrase_parts", Json::object()));
    for (Json& tool : manifest.at("tools")) {
        for (const auto& [key, one] : {std::pair("phrases", "phrase"), std::pair("options", "option")}) {
            if (!tool.contains(key)) continue;
            for (Json& entry : tool.at(key)) {
                if (!entry.is_string()) continue;  // the daemon says so
                const std::string text = entry.get<std::string>();
                entry = parts.put_into(text, "the " + std::string(one) + " \"" + text + "\" of the tool " +
                                                 tool.at("name").get<std::string>());
            }
        }
    }
    parts.refuse_unused();
    manifest.erase("phrase_parts");
}
