#include "api/chatkit/preview_addresses.h"

#include <charconv>

#include "api/chatkit/ids.h"
#include "api/random_id.h"
#include "base/hmac.h"
#include "http/percent.h"

namespace assistd::api::chatkit {
namespace {

using namespace std::chrono_literals;

std::int64_t seconds_of(Timestamp time) {
    return std::chrono::floor<std::chrono::seconds>(time.time_since_epoch()).count();
}

}  // namespace

PreviewAddresses::PreviewAddresses() : key_(random_id() + random_id()) {}

std::string PreviewAddresses::of(const core::Owner& owner, ArtifactId picture, Timestamp at) const {
    const std::string id = picture.text(prefix::attachment);
    const Timestamp hour(std::chrono::floor<std::chrono::hours>(at.time_since_epoch()));
    const std::string until = std::to_string(seconds_of(hour + 2h));
    return "/api/v1/chatkit/attachments/" + id + "/preview?user=" + http::percent_encode(owner) +
           "&until=" + until + "&signature=" + signature(owner, id, until);
}

std::optional<PreviewAddresses::Shown> PreviewAddresses::shown_at(const http::Request& request,
                                                                  Timestamp at) const {
    const std::string& id = request.path_value("attachment");
    const auto picture = ArtifactId::parse(id, prefix::attachment);
    const std::string owner = request.query_value("user").value_or("");
    const std::string until = request.query_value("until").value_or("");
    const std::string given = request.query_value("signature").value_or("");
    std::int64_t end = 0;
    std::from_chars(until.data(), until.data() + until.size(), end);
    if (!picture || !is_same_secret(given, signature(owner, id, until)) || end <= seconds_of(at)) return {};
    return Shown{owner, *picture};
}

// The owner's name comes last, as it may hold anything.
std::string PreviewAddresses::signature(std::string_view owner, std::string_view picture,
                                        std::string_view until) const {
    std::string text = "preview\n";
    text.append(picture).append("\n").append(until).append("\n").append(owner);
    return hmac_sha256(key_, text);
}

}  // namespace assistd::api::chatkit
