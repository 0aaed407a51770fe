#pragma once
// What the configuration's sources say, before it is known what it means: a tree of values, each of which
// knows where it was set. Reading one as a number, a word or a list refuses what does not fit, in a sentence
// that begins with that place. For config*.cpp alone; values, any thread.

#include <filesystem>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/config.h"
#include "base/error.h"

namespace assistd {

struct ConfigValue {
    enum class Kind { nothing, scalar, list, map };

    Kind kind = Kind::nothing;
    std::string path;  // "turns.max_rounds"; an item of a list has the list's
    std::string name;  // the last part of it
    Origin origin;
    std::string text;                   // of a scalar
    std::vector<ConfigValue> children;  // of a list or map; no name is twice in a map
    // Of the root: the files that were read, and whether anything stands in each, if only {}.
    std::map<std::string, bool> files;

    const ConfigValue* child(std::string_view name) const;
};

// An empty file is an empty map. Throws Error{validation} for whatever is no file of keys and values.
ConfigValue read_config_file(const std::filesystem::path& file);
// Those of the folder conf.d beside the configuration file, NAME.yaml in the order of their names; none when
// there is no such folder. Throws Error{validation} when it cannot be read.
std::vector<std::filesystem::path> config_folder_files(const std::filesystem::path& file);

// What `from` sets wins: maps are merged, everything else is replaced as a whole.
void merge(ConfigValue& into, ConfigValue from);
// Sets one value below the root by its path, unless something on the way is no map.
void put(ConfigValue& root, ConfigValue value);
// By its path; null: nothing set it.
const ConfigValue* find(const ConfigValue& root, std::string_view path);

// Several things that are wrong are told together: each is tried, and what they throw is collected.
class Mistakes {
  public:
    // Keeps the Error{validation} that `work` throws, if it does.
    template <class Work>
    void attempt(Work work) {
        try {
            work();
        } catch (const Error& error) {
            add(error);
        }
    }
    // Throws one Error{validation} with a line for each, when there are any.
    void tell() const;

  private:
    void add(const Error& error);

    std::string sentences_;
    std::vector<FieldError> fields_;
};

// Throws Error{validation}: "PLACE: SENTENCE."
[[noreturn]] void refuse(const Origin& origin, const std::string& sentence);
// "PLACE: KEY WORDS."
[[noreturn]] void refuse(const ConfigValue& value, const std::string& words);
[[noreturn]] void refuse_unknown(const ConfigValue& value);

// What a sentence quotes: short, on one line, in quotation marks.
std::string in_quotes(std::string_view text);

// All throw Error{validation} for a value of another form.
const std::string& text_of(const ConfigValue& value);
std::vector<std::string> texts_of(const ConfigValue& value);           // of a list
const std::vector<ConfigValue>& members_of(const ConfigValue& value);  // of a map
// Reads each of them, and tells of all that are wrong.
template <class Read>
void read_each(const std::vector<ConfigValue>& values, Read read) {
    Mistakes mistakes;
    for (const ConfigValue& one : values) mistakes.attempt([&] { read(one); });
    mistakes.tell();
}
template <class Read>
void read_members(const ConfigValue& value, Read read) {
    read_each(members_of(value), read);
}
const std::string& word_of(const ConfigValue& value, std::initializer_list<std::string_view> allowed);
bool truth_of(const ConfigValue& value);
// Defined for int, std::int64_t, std::uint16_t and double.
template <class Number>
Number number_of(const ConfigValue& value, Number least, Number most);
std::chrono::milliseconds seconds_of(const ConfigValue& value, double least, double most);

}  // namespace assistd
