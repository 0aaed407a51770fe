#pragma once
// Whether the terminal shows what is typed: while lines are drawn again and again it must not. What is typed
// is kept for whoever reads next. On the main thread, at most one of them.

#include <termios.h>

namespace assistd::cli {

class Echo {
  public:
    Echo();  // hides it, where standard input is a terminal
    ~Echo();
    Echo(const Echo&) = delete;
    Echo& operator=(const Echo&) = delete;

    void show();
    void hide();

  private:
    termios before_{};
    bool is_terminal_;
};

}  // namespace assistd::cli
