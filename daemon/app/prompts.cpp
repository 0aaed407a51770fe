#include "app/prompts.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <vector>

#include "base/error.h"
#include "base/file_kind.h"

namespace assistd::app {
namespace {

constexpr std::uintmax_t most_bytes = 256 << 10;

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& sentence) {
    throw Error(ErrorCode::validation, file.string() + ": " + sentence + ".");
}

std::string content_of(const std::filesystem::path& file) {
    const std::string kind = odd_kind_of(file);
    if (!kind.empty()) refuse(file, "the prompt must be a file; this is " + kind);
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(file, failure);
    if (!failure && size > most_bytes) refuse(file, "the prompt is larger than 256 KiB");
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    if (!failure && size == 0)
        refuse(file, "the prompt is empty; take the file away to have the built-in one");
    if (failure || !stream || !(text << stream.rdbuf())) refuse(file, "the prompt cannot be read");
    return text.str();
}

std::string names_of(const core::PromptTemplates& templates) {
    std::string names;
    for (const auto& [name, prompt] : templates) names += (names.empty() ? "" : ", ") + name + ".mustache";
    return names;
}

}  // namespace

core::PromptTemplates prompts_of(const Config& config) {
    core::PromptTemplates templates = core::built_in_prompts();
    if (config.prompts.empty()) return templates;
    std::error_code failure;
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(config.prompts, failure))
        if (entry.path().extension() == ".mustache") files.push_back(entry.path());
    if (failure) refuse(config.prompts, "the folder with prompts cannot be read: " + failure.message());
    std::sort(files.begin(), files.end());
    for (const std::filesystem::path& file : files) {
        const auto found = templates.find(file.stem().string());
        if (found == templates.end())
            refuse(file, "there is no prompt of this name; there are " + names_of(templates));
        found->second = {content_of(file), file.string()};
    }
    return templates;
}

void check_prompts(const Config& config) {
    const core::PromptBuilder builder(prompts_of(config));
}

}  // namespace assistd::app
