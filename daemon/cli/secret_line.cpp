#include "cli/secret_line.h"

#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <ostream>

#include "cli/failure.h"

namespace assistd::cli {
namespace {

constexpr std::size_t longest = 4'096;

// What is typed is not shown while this lives.
class Hidden {
  public:
    explicit Hidden(const termios& before) : before_(before) {
        termios quiet = before;
        quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        quiet.c_lflag |= ECHONL | ICANON;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
    }
    ~Hidden() { ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
    Hidden(const Hidden&) = delete;
    Hidden& operator=(const Hidden&) = delete;

  private:
    const termios before_;
};

// Byte by byte: what follows the line is somebody else's.
std::string line() {
    std::string text;
    char byte = 0;
    while (text.size() < longest) {
        const ssize_t got = ::read(STDIN_FILENO, &byte, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0 || byte == '\n') break;
        text += byte;
    }
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

std::string asked(std::ostream& err, const std::string& question) {
    err << question << ": " << std::flush;
    return line();
}

std::string read(std::ostream& err, const std::string& question, bool twice) {
    termios before{};
    std::string secret;
    if (::tcgetattr(STDIN_FILENO, &before) == 0) {
        const Hidden hidden(before);
        secret = asked(err, question);
        if (twice && asked(err, "Once more") != secret)
            throw Failure(ExitCode::usage, "The two are not the same; nothing was changed.");
    } else {
        secret = line();
    }
    if (secret.empty())
        throw Failure(ExitCode::usage, "No password was given; type it, or write it to standard input.");
    return secret;
}

}  // namespace

std::string read_present_secret(std::ostream& err, const std::string& question) {
    return read(err, question, false);
}

std::string read_secret(std::ostream& err, const std::string& question) {
    return read(err, question, true);
}

}  // namespace assistd::cli
