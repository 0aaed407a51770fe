#include "cli/reply_text.h"

#include <utility>

namespace assistd::cli {

ReplyText::Shown ReplyText::piece(const std::string& message_id, std::string_view text) {
    if (message_id != message_id_) {
        // One that broke off while it repeated another has shown nothing of its own.
        if (!repeats_) before_ = now_;
        now_.clear();
        repeats_ = !before_.empty();
        message_id_ = message_id;
    }
    now_ += text;
    if (!repeats_) return {false, std::string(text)};
    if (before_.starts_with(now_)) return {};
    if (!now_.starts_with(before_)) return differs();
    repeats_ = false;
    return {false, now_.substr(before_.size())};
}

ReplyText::Shown ReplyText::complete() {
    // What was shown goes on, but the message does not.
    Shown shown = repeats_ && now_ != before_ ? differs() : Shown();
    *this = {};
    return shown;
}

ReplyText::Shown ReplyText::differs() {
    repeats_ = false;
    return {true, now_};
}

}  // namespace assistd::cli
