#include "api/chatkit/preview_addresses.h"

#include <gtest/gtest.h>

#include "api/chatkit/ids.h"
#include "http/percent.h"

namespace assistd::api::chatkit {
namespace {

using namespace std::chrono_literals;

const Timestamp noon = *parse_iso8601("2026-11-23T12:10:00.000000Z");

// The request that a browser makes of the address.
http::Request asked_at(const std::string& address) {
    http::Request request;
    const std::string path = address.substr(0, address.find('?'));
    const std::string before = "/api/v1/chatkit/attachments/";
    request.path_values["attachment"] = path.substr(before.size(), path.rfind('/') - before.size());
    std::string rest = address.substr(path.size() + 1);
    for (std::size_t at = 0; at < rest.size();) {
        const std::size_t end = std::min(rest.find('&', at), rest.size());
        const std::string pair = rest.substr(at, end - at);
        const std::size_t is = pair.find('=');
        request.query.emplace_back(pair.substr(0, is), *http::percent_decode(pair.substr(is + 1), true));
        at = end + 1;
    }
    return request;
}

std::string& value_of(http::Request& request, std::string_view name) {
    for (auto& [key, value] : request.query)
        if (key == name) return value;
    throw std::logic_error("no such name");
}

TEST(PreviewAddresses, LetInForAWhile) {
    const PreviewAddresses addresses;
    const ArtifactId picture = ArtifactId::make();
    const std::string owner = "alice & bob\n=ä";
    const std::string address = addresses.of(owner, picture, noon);
    EXPECT_EQ(address, addresses.of(owner, picture, noon + 49min));
    EXPECT_NE(address, addresses.of(owner, picture, noon + 51min));
    const http::Request request = asked_at(address);
    for (const auto later : {0min, 60min, 109min}) {
        const auto shown = addresses.shown_at(request, noon + later);
        ASSERT_TRUE(shown);
        EXPECT_EQ(shown->owner, owner);
        EXPECT_EQ(shown->picture, picture);
    }
    EXPECT_FALSE(addresses.shown_at(request, noon + 110min));
}

TEST(PreviewAddresses, HoldForWhatTheyWereMadeForAlone) {
    const PreviewAddresses addresses;
    const std::string good = addresses.of("alice", ArtifactId::make(), noon);
    ASSERT_TRUE(addresses.shown_at(asked_at(good), noon));
    http::Request request = asked_at(good);
    request.path_values["attachment"] = ArtifactId::make().text(prefix::attachment);
    EXPECT_FALSE(addresses.shown_at(request, noon));
    request.path_values["attachment"] = "simulation-1";
    EXPECT_FALSE(addresses.shown_at(request, noon));
    for (const char* name : {"user", "until", "signature"}) {
        request = asked_at(good);
        value_of(request, name) += "0";
        EXPECT_FALSE(addresses.shown_at(request, noon)) << name;
        value_of(request, name).clear();
        EXPECT_FALSE(addresses.shown_at(request, noon)) << name;
    }
    request = asked_at(good);
    request.query.clear();
    EXPECT_FALSE(addresses.shown_at(request, noon));
    EXPECT_FALSE(PreviewAddresses().shown_at(asked_at(good), noon));  // another process has another key
}

}  // namespace
}  // namespace assistd::api::chatkit
