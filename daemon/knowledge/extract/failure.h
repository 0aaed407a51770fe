#pragma once
// Why a file gives no text.

#include <stdexcept>
#include <string>

namespace assistd::extract {

// The file is of a kind that is not read, or is not right, or something here is not.
enum class FailureKind { unsupported_file, invalid_file, server_error };

// The clause goes behind the file's name: "is empty".
class Failure : public std::runtime_error {
  public:
    Failure(FailureKind kind, const std::string& clause) : std::runtime_error(clause), kind_(kind) {}
    FailureKind kind() const { return kind_; }

  private:
    FailureKind kind_;
};

[[noreturn]] inline void unsupported(const std::string& clause) {
    throw Failure(FailureKind::unsupported_file, clause);
}
[[noreturn]] inline void invalid(const std::string& clause) {
    throw Failure(FailureKind::invalid_file, clause);
}

}  // namespace assistd::extract
