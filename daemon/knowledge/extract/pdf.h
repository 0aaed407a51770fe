#pragma once
// PDF, read by poppler's pdftotext in a process of its own. One thread.

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "base/unique_fd.h"
#include "knowledge/extract/output.h"
#include "sandbox/sandbox.h"

namespace assistd::extract {

class PdfReader {
  public:
    // Starts pdftotext, which enters a sandbox of its own with these limits before it looks at the file. To
    // be called before this process enters its own, which starts no programs. Throws Failure when it is not
    // installed or cannot be started.
    PdfReader(int file, const sandbox::Limits& limits);

    void read(Output& output);

  private:
    void take(std::string_view bytes, Output& output);
    void wait_for_end();

    pid_t pid_ = -1;
    UniqueFd text_, errors_;
    std::string said_;  // on its standard error
    int page_ = 1;
};

}  // namespace assistd::extract
