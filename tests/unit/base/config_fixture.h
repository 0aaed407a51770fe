#pragma once
// A configuration file of a test's own, and what reading it says.

#include <unistd.h>

#include <fstream>

#include "base/config.h"
#include "base/error.h"
#include "support/temp_folder.h"

namespace assistd {

class ConfigFile : public testing::Test {
  protected:
    std::filesystem::path write(const std::string& text) const {
        std::ofstream(file_) << text;
        return file_;
    }
    Config load(const std::string& text, const std::map<std::string, std::string>& environment = {}) const {
        return load_config({write(text), environment, {}});
    }
    std::string refusal_of(const ConfigSources& sources) const {
        try {
            load_config(sources);
        } catch (const Error& error) {
            EXPECT_EQ(error.code(), ErrorCode::validation);
            return error.what();
        }
        return "accepted";
    }
    std::string refusal(const std::string& text,
                        const std::map<std::string, std::string>& environment = {}) const {
        return refusal_of({write(text), environment, {}});
    }
    // Without the file's name, which every sentence must begin with.
    std::string complaint(const std::string& text,
                          const std::map<std::string, std::string>& environment = {}) const {
        const std::string sentence = refusal(text, environment);
        if (!sentence.starts_with(file_.string() + ":")) return sentence;
        return sentence.substr(file_.string().size() + 1);
    }

    const test::TempFolder folder_;
    const std::filesystem::path file_ = folder_.path() / "assistd.yaml";
};

}  // namespace assistd
