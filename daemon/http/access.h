#pragma once
// Who may ask from where: the Host and Origin of a request, proxies that are believed, and CORS. Made once
// from the options and then only read, from any thread.

#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/network.h"
#include "http/head.h"
#include "http/reply.h"
#include "http/reply_head.h"
#include "http/server.h"

namespace assistd::http {

class AccessRules {
  public:
    // Throws Error{invalid_request} when a trusted proxy is no address or network.
    explicit AccessRules(const ServerOptions& options);

    bool is_trusted(std::string_view address) const;  // a proxy's, that is believed
    // The client's address: that of the socket, unless a trusted proxy names another, with or without a port.
    std::string client_address(const std::string& socket_peer, const Headers& headers) const;

    // Throws Error{forbidden} when a web page of another site is behind the request: its Host is no name of
    // this server (DNS rebinding), or it changes something and comes from an origin that is not allowed.
    void check(const Head& head, const std::string& socket_peer) const;
    // Throws Error{forbidden} when it comes from an origin that is not allowed, whatever it asks for.
    void check_origin(const Head& head, const std::string& socket_peer) const;

    void fill_cors(const Headers& headers, ReplyContext& context) const;
    // The answer to OPTIONS; `allowed_methods` as in the Allow header.
    Reply options_reply(const Headers& headers, const ReplyContext& context,
                        const std::string& allowed_methods) const;

  private:
    bool allows_origin(std::string_view origin) const;
    void tell_unreadable(std::string_view hop) const;

    bool loopback_only_ = false;
    std::vector<std::string> origins_;
    std::vector<Network> trusted_;  // proxies
    // Whether the log knows that a proxy says what is no address; shared by copies.
    std::shared_ptr<std::atomic<bool>> is_told_ = std::make_shared<std::atomic<bool>>(false);
};

}  // namespace assistd::http
