#pragma once
// The text of a reply as its pieces arrive. A daemon that was restarted asks the model anew: the same reply
// begins again as another message, and what was shown already must not be shown twice. One thread.

#include <string>
#include <string_view>

namespace assistd::cli {

class ReplyText {
  public:
    // What is to be shown.
    struct Shown {
        bool anew = false;  // it begins again, in other words than before
        std::string text;
    };

    Shown piece(const std::string& message_id, std::string_view text);
    // The message is complete; the next one is another.
    Shown complete();

  private:
    Shown differs();

    std::string message_id_;
    std::string before_;    // what was shown of the message that broke off
    std::string now_;       // what was said of this one
    bool repeats_ = false;  // so far it says what was shown before
};

}  // namespace assistd::cli
