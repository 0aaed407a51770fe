// assistctl plugin new NAME: a plugin to begin with, made from plugin-api/template.

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string_view>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/plugin_template.h"

namespace assistd::cli {
namespace {

namespace fs = std::filesystem;

// It becomes a CMake target, a part of an id, and, with '_' for '-', a tool's name.
void check_name(const std::string& name) {
    const auto allowed = [](char c) {
        return std::islower(static_cast<unsigned char>(c)) || std::isdigit(static_cast<unsigned char>(c)) ||
               c == '-';
    };
    const bool good = !name.empty() && name.size() <= 40 &&
                      std::islower(static_cast<unsigned char>(name.front())) && name.back() != '-' &&
                      std::all_of(name.begin(), name.end(), allowed);
    if (!good)
        throw Failure(ExitCode::usage,
                      "A plugin's name has 1 to 40 of a-z, 0-9 and \"-\", begins with a letter and does not end "
                      "with \"-\"; \"" +
                          name + "\" is none.");
    // Targets that every build has already.
    constexpr std::array<std::string_view, 10> reserved{"all",           "clean",   "depend",  "edit_cache",
                                                        "help",          "install", "package", "preinstall",
                                                        "rebuild_cache", "test"};
    if (std::ranges::find(reserved, name) != reserved.end())
        throw Failure(ExitCode::usage,
                      "CMake has a target named \"" + name + "\" of its own; give the plugin another name.");
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
        text.replace(at, from.size(), to);
    return text;
}

// The template is a plugin called greeter with a tool called greet.
std::string adapted(const std::string& text, const std::string& name) {
    std::string tool = name;
    std::ranges::replace(tool, '-', '_');
    std::string title = name;
    std::ranges::replace(title, '-', ' ');
    title.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(title.front())));
    std::string result = replaced(text, "greeter", name);
    result = replaced(std::move(result), "Greeter", title);
    result = replaced(std::move(result), "\"greet\"", "\"" + tool + "\"");
    result = replaced(std::move(result), "\"Greet somebody\"", "\"" + title + "\"");
    result = replaced(std::move(result), "\"greet {name}\"", "\"" + name + " {name}\"");
    // No two plugins that are begun with it are asked for by the same words.
    return replaced(std::move(result), "\"say (hello|hi) to {name}\"", "\"run " + name + " for {name}\"");
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream stream(file);
    stream << text;
    stream.close();
    if (!stream) throw Failure(ExitCode::failed, "The file " + file.string() + " cannot be written.");
}

}  // namespace

ExitCode new_plugin(Context& context, const std::string& name) {
    check_name(name);
    const fs::path folder = name;
    std::error_code failure;
    if (!fs::create_directory(folder, failure))
        throw Failure(ExitCode::failed,
                      failure ? "The folder " + name + " cannot be made: " + failure.message() + "."
                              : "There is a folder " + name + " already; nothing was changed.");
    for (const auto& [file, text] : plugin_template())
        write(folder / replaced(file, "greeter", name), adapted(text, name));
    context.out
        << "The plugin " << name << " is in the folder " << name
        << ": plugin.json says what its tool is for, " << name << ".cpp does it. Build and test it:\n\n"
        << "  cmake -S " << name << " -B " << name << "/build && cmake --build " << name << "/build\n"
        << "  ctest --test-dir " << name << "/build\n\n"
        << "(with -DCMAKE_PREFIX_PATH=FOLDER where the SDK is not installed for the whole system), and copy\n"
        << name << "/build/plugins/" << name << ".so into a plugin folder of the daemon.\n";
    return ExitCode::good;
}

}  // namespace assistd::cli
