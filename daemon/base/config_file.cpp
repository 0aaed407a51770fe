// The configuration file as a tree of values. The only user of yaml-cpp.

#include <fcntl.h>
#include <unistd.h>
#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstring>
#include <map>

#include "base/config_value.h"
#include "base/file_kind.h"
#include "base/unique_fd.h"

namespace assistd {
namespace {

constexpr std::size_t most_bytes = 1 << 20;
// Far more than any configuration has. An alias may stand for itself or, in a few lines, for billions of
// values.
constexpr int most_levels = 16;
constexpr int most_values = 100'000;

std::string contents(const std::filesystem::path& file) {
    const Origin origin{file.string()};
    const std::string kind = odd_kind_of(file);
    if (!kind.empty()) refuse(origin, "the configuration must be a file; this is " + kind);
    const UniqueFd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd) refuse(origin, std::string("the configuration file cannot be read: ") + std::strerror(errno));
    std::string text;
    char bytes[4096];
    while (text.size() <= most_bytes) {
        const ssize_t got = ::read(fd.get(), bytes, sizeof bytes);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0)
            refuse(origin, std::string("the configuration file cannot be read: ") + std::strerror(errno));
        if (got == 0) break;
        text.append(bytes, static_cast<std::size_t>(got));
    }
    if (text.size() > most_bytes) refuse(origin, "the configuration file is larger than 1 MiB");
    if (text.find('\0') != std::string::npos)
        refuse(origin, "the configuration file is no text; it has NUL characters");
    return text;
}

std::string sentence_of(const YAML::Exception& error, const std::string& text) {
    if (dynamic_cast<const YAML::DeepRecursion*>(&error)) return "the configuration file has too many levels";
    // yaml-cpp finds a tab only where it matters, and then says something else about it.
    std::size_t from = 0;
    for (int line = 0; line < error.mark.line && from != std::string::npos; ++line)
        from = text.find('\n', from) + 1;
    const std::size_t first = text.find_first_not_of(' ', from);
    if (first != std::string::npos && text[first] == '\t')
        return "this is no YAML: lines are indented with spaces, never with tabs";
    return "this is no YAML: " + error.msg;
}

class Converter {
  public:
    explicit Converter(std::string file) : file_(std::move(file)) {}

    ConfigValue convert(const YAML::Node& node, ConfigValue about, int level) {
        if (level > most_levels || ++values_ > most_values)
            refuse(about.origin, "the configuration file has too many values or levels");
        using enum ConfigValue::Kind;
        if (node.IsScalar()) {
            about.kind = scalar;
            about.text = node.Scalar();
        } else if (node.IsSequence()) {
            about.kind = list;
            for (const YAML::Node& item : node) {
                ConfigValue child;
                child.path = about.path;
                child.name = about.name;
                child.origin = place(item);
                about.children.push_back(convert(item, std::move(child), level + 1));
            }
        } else if (node.IsMap()) {
            about.kind = map;
            add_members(node, about, level);
        }
        return about;
    }

    Origin place(const YAML::Node& node) const { return {file_ + ":" + line_of(node)}; }

  private:
    static std::string line_of(const YAML::Node& node) { return std::to_string(node.Mark().line + 1); }

    void add_members(const YAML::Node& node, ConfigValue& parent, int level) {
        std::map<std::string, std::string> lines;  // where each name stood first
        for (const auto& entry : node) {
            ConfigValue child;
            child.origin = place(entry.first);
            if (!entry.first.IsScalar() || entry.first.Scalar().empty())
                refuse(child.origin, "a key must be a plain word");
            child.name = entry.first.Scalar();
            child.path = (parent.path.empty() ? "" : parent.path + ".") + child.name;
            const auto [first, is_new] = lines.emplace(child.name, line_of(entry.first));
            if (!is_new)
                refuse(child.origin, "the key " + in_quotes(child.path) + " is there twice, first in line " +
                                         first->second);
            parent.children.push_back(convert(entry.second, std::move(child), level + 1));
        }
    }

    std::string file_;
    int values_ = 0;
};

}  // namespace

ConfigValue read_config_file(const std::filesystem::path& file) {
    const std::string text = contents(file);
    std::vector<YAML::Node> documents;
    try {
        documents = YAML::LoadAll(text);
    } catch (const YAML::Exception& error) {
        refuse({file.string() + ":" + std::to_string(error.mark.line + 1)}, sentence_of(error, text));
    }
    Converter converter(file.string());
    if (documents.size() > 1)
        refuse(converter.place(documents[1]), "a second YAML document begins here; there must be only one");
    ConfigValue root;
    root.kind = ConfigValue::Kind::map;
    root.origin = {file.string()};
    const bool has_content = !documents.empty() && !documents.front().IsNull();
    root.files.emplace(file.string(), has_content);
    if (!has_content) return root;
    if (!documents.front().IsMap())
        refuse(converter.place(documents.front()), "the file must be a mapping of keys to values");
    return converter.convert(documents.front(), std::move(root), 0);
}

}  // namespace assistd
