#pragma once
// Why assistctl ends without success: a sentence for standard error, its names for programs, and the exit
// code. Value types.

#include <stdexcept>
#include <string>

namespace assistd::cli {

enum class ExitCode {
    good = 0,
    failed = 1,  // the turn failed, there is no such thing, the daemon refused or does not answer
    usage = 2,   // the command line is wrong
    partly = 3,  // done, but for what was told
};

class Failure : public std::runtime_error {
  public:
    Failure(ExitCode code, const std::string& sentence)
        : Failure(code, sentence, "client_error", code == ExitCode::usage ? "usage" : "failed") {}
    // `type` and `name` as in the daemon's own errors ("not_found_error", "not_found").
    Failure(ExitCode code, const std::string& sentence, std::string type, std::string name)
        : std::runtime_error(sentence), code_(code), type_(std::move(type)), name_(std::move(name)) {}

    ExitCode code() const { return code_; }
    const std::string& type() const { return type_; }
    const std::string& name() const { return name_; }

  private:
    ExitCode code_;
    std::string type_;
    std::string name_;
};

// The daemon answers and cannot work: it says why.
class NotReady : public Failure {
  public:
    explicit NotReady(const Failure& refusal) : Failure(refusal) {}
};

// No daemon answers, or not any more.
class Unreachable : public Failure {
  public:
    explicit Unreachable(const std::string& sentence, bool was_reached = false)
        : Failure(ExitCode::failed, sentence, "connection_error", "unreachable"), was_reached_(was_reached) {}

    // The connection broke, so that something of the request may have arrived.
    bool was_reached() const { return was_reached_; }

  private:
    bool was_reached_;
};

}  // namespace assistd::cli
