#pragma once
// The addresses at which ChatKit's clients show pictures. They put them into an <img>, which sends neither a
// key nor a token: so the address itself says whose picture it is and how long it holds, and is signed with a
// key that this process has made up. Whoever has the address sees the picture until then; the owner alone is
// told it. Owned by the door; any thread.

#include <optional>
#include <string>
#include <string_view>

#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"
#include "http/request.h"

namespace assistd::api::chatkit {

class PreviewAddresses {
  public:
    // Throws Error{unavailable} when the system gives no random bytes.
    PreviewAddresses();

    // Without the origin. It holds for one to two hours, and is the same within an hour, so that clients need
    // not load the picture again.
    std::string of(const core::Owner& owner, ArtifactId picture, Timestamp at) const;

    struct Shown {
        core::Owner owner;
        ArtifactId picture;
    };
    // Nothing when of() has not made this address, or it does not hold any more.
    std::optional<Shown> shown_at(const http::Request& request, Timestamp at) const;

  private:
    std::string signature(std::string_view owner, std::string_view picture, std::string_view until) const;

    const std::string key_;
};

}  // namespace assistd::api::chatkit
