#pragma once
// Why assistctl ends without success: a sentence for standard error and the exit code. Value types.

#include <stdexcept>
#include <string>

namespace assistd::cli {

enum class ExitCode {
    good = 0,
    failed = 1,       // the turn failed, there is no such thing, the daemon refused
    usage = 2,        // the command line is wrong
    unreachable = 3,  // no daemon answers
};

class Failure : public std::runtime_error {
  public:
    Failure(ExitCode code, const std::string& sentence) : std::runtime_error(sentence), code_(code) {}
    ExitCode code() const { return code_; }

  private:
    ExitCode code_;
};

}  // namespace assistd::cli
