#include "cli/echo.h"

#include <unistd.h>

namespace assistd::cli {

Echo::Echo() : is_terminal_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    hide();
}

Echo::~Echo() {
    show();
}

void Echo::show() {
    if (is_terminal_) ::tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void Echo::hide() {
    if (!is_terminal_) return;
    termios quiet = before_;
    // Nor is it kept in lines: a Ctrl-D that is typed early would be lost.
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
}

}  // namespace assistd::cli
