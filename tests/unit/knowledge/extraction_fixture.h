#pragma once
// Documents read as the daemon reads them, by real assistd-extract processes.

#include <fcntl.h>

#include "base/error.h"
#include "base/unique_fd.h"
#include "knowledge/extraction.h"
#include "samples.h"
#include "support/folders.h"
#include "support/io_threads.h"
#include "support/temp_folder.h"

namespace assistd::knowledge {

class ExtractionTest : public testing::Test {
  protected:
    static ExtractionOptions options() {
        ExtractionOptions options;
        options.binary = test::build_folder() / "bin/assistd-extract";
        return options;
    }
    Extraction read_with(const ExtractionOptions& with, const std::filesystem::path& file,
                         const std::string& name) {
        Extractor extractor(io_.io, with);
        const UniqueFd open(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
        return io_.run(extractor.extract(open.get(), name, {}));
    }
    Extraction read(const std::string& name, const std::string& bytes) {
        test::write_file(folder_.path() / "document", bytes);
        return read_with(options(), folder_.path() / "document", name);
    }
    Document document(const std::string& name, const std::string& bytes) {
        const Extraction extraction = read(name, bytes);
        if (const auto* error = std::get_if<core::IndexError>(&extraction)) {
            ADD_FAILURE() << error->message;
            return {};
        }
        return std::get<Document>(extraction);
    }
    std::string text(const std::string& name, const std::string& bytes) { return document(name, bytes).text; }
    // "invalid_file: sentence", or the text.
    static std::string told(const Extraction& extraction) {
        if (const auto* error = std::get_if<core::IndexError>(&extraction))
            return std::string(core::name_of(error->code)) + ": " + error->message;
        return std::get<Document>(extraction).text;
    }
    std::string refusal(const std::string& name, const std::string& bytes) { return told(read(name, bytes)); }

    test::IoThreads io_;
    test::TempFolder folder_;
};

}  // namespace assistd::knowledge
