// The manual page has the commands and options that the program has, and no others.

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "cli/command_tree.h"
#include "support/folders.h"

namespace assistd::cli {
namespace {

using Names = std::set<std::string>;

Names options_of(const CLI::App& app) {
    Names names;
    for (const CLI::Option* option : app.get_options())
        for (const std::string& name : option->get_lnames())
            if (name != "help") names.insert(name);
    return names;
}

// By their words: "conversations list" -> "limit", "cursor", …
void collect(const CLI::App& app, const std::string& path, std::map<std::string, Names>& commands) {
    for (const CLI::App* command : app.get_subcommands({})) {
        const std::string name = path + (path.empty() ? "" : " ") + command->get_name();
        if (command->get_require_subcommand_min() == 0) commands[name] = options_of(*command);
        collect(*command, name, commands);
    }
}

Names options_in(const std::string& text) {
    static const std::regex option("Fl -([a-z-]+)");
    Names names;
    for (std::sregex_iterator found(text.begin(), text.end(), option), end; found != end; ++found)
        names.insert((*found)[1]);
    return names;
}

class Manual : public testing::Test {
  protected:
    // The entries of the page, by what stands behind their ".It".
    Manual() {
        build_tree(app, options);
        std::ifstream page(test::source_folder() / "packaging/man/assistctl.1");
        std::string section, entry;
        for (std::string line; std::getline(page, line);) {
            if (line.starts_with(".Sh ")) section = line.substr(4);
            if (line.starts_with(".Sh") || line.starts_with(".Ss") || line.starts_with(".El")) entry.clear();
            if (line.starts_with(".It ")) entry = line.substr(4);
            if (section == "COMMANDS" && !entry.empty()) described[entry] += line + "\n";
            if (section == "OPTIONS" && line.starts_with(".It ")) global += line + "\n";
        }
    }
    // "Cm conversations show Ar id" is about "conversations show".
    static std::string command_of(const std::string& entry) {
        const std::string words = entry.substr(3);
        return words.substr(0, std::min(words.find(" Ar"), words.find(" Cm")));
    }

    Options options;
    CLI::App app;
    std::map<std::string, std::string> described;
    std::string global;
};

TEST_F(Manual, HasEveryCommandWithItsOptionsAndNoOther) {
    std::map<std::string, Names> commands;
    collect(app, "", commands);
    std::map<std::string, Names> in_page;
    for (const auto& [entry, text] : described) in_page[command_of(entry)] = options_in(text);
    EXPECT_EQ(in_page, commands);
}

TEST_F(Manual, HasTheGlobalOptions) {
    Names wanted = options_of(app);
    wanted.insert("help");
    EXPECT_EQ(options_in(global), wanted);
}

}  // namespace
}  // namespace assistd::cli
