// assistctl plugin check FILE: hands over to assistd-plugin-check, a program of its own, since it is made of
// the daemon's code and not of assistctl's.

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <ostream>

#include "cli/commands.h"

namespace assistd::cli {

ExitCode check_plugin(Context& context, const PluginCheckOptions& options) {
    const auto program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "assistd-plugin-check";
    std::vector<std::string> words = {program.string()};
    if (options.valgrind) words.push_back("--valgrind");
    if (options.network) words.push_back("--network");
    if (context.json) words.push_back("--json");
    if (!options.files.empty()) words.push_back("--files=" + options.files);
    for (const std::string& folder : options.readable) words.push_back("--readable=" + folder);
    words.insert(words.end(), {"--", options.file});
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    context.out.flush();
    // Its exit code is the answer: 0 good, 1 not, as that of assistctl.
    ::execv(program.c_str(), arguments.data());
    throw Failure(ExitCode::failed, program.string() + " cannot be run: " + std::strerror(errno) +
                                        ". It is installed beside assistctl.");
}

}  // namespace assistd::cli
