#include "auth/arrivals.h"

#include <array>

#include "base/log_fields.h"

namespace assistd::auth {
namespace {

constexpr std::size_t longest_shown_name = 80;

bool is_refusal(ErrorCode code) {
    return code == ErrorCode::unauthenticated || code == ErrorCode::forbidden ||
           code == ErrorCode::rate_limited;
}

}  // namespace

std::string_view name_of(Shown shown) {
    switch (shown) {
        case Shown::nothing:
            return "nothing";
        case Shown::key:
            return "key";
        case Shown::token:
            return "token";
        case Shown::cookie:
            return "cookie";
        case Shown::password:
            break;
    }
    return "password";
}

void Arrivals::logged_in(Shown shown, const std::string& user, const std::string& peer) const {
    const std::array<log::Field, 3> fields{
        {{"peer", std::string_view(peer)}, {"by", name_of(shown)}, {"user", std::string_view(user)}}};
    log::line(log::Level::info, "logged in", fields);
}

// The address comes first: what follows it may be text that was made to look like another one.
void Arrivals::refused(Shown shown, const std::string& user, const std::string& peer,
                       const Error& error) const {
    if (!is_refusal(error.code())) return;
    const std::string sentence = error.what();
    const std::array<log::Field, 4> fields{{{"peer", std::string_view(peer)},
                                            {"by", name_of(shown)},
                                            {"user", std::string_view(user).substr(0, longest_shown_name)},
                                            {"what", std::string_view(sentence)}}};
    const bool is_usual = shown == Shown::nothing || shown == Shown::cookie;
    log::line(is_usual ? log::Level::info : log::Level::warn, "refused", fields);
    count_refused_(shown);
}

}  // namespace assistd::auth
