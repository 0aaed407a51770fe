#pragma once
// Networks such as 10.0.0.0/8, as the configuration names them, and the addresses in them. An IPv4 address
// that is written as an IPv6 address (::ffff:10.0.0.1) is the IPv4 address. Values, any thread.

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>
#include <optional>
#include <string>
#include <variant>

namespace assistd {

// Nothing: the text is no address.
std::optional<boost::asio::ip::address> read_address(const std::string& text);

class Network {
  public:
    // Of a network, or of an address, which is a network of one. Nothing: the text is neither.
    static std::optional<Network> read(const std::string& text);

    bool contains(const boost::asio::ip::address& address) const;  // as read_address() gives it

  private:
    using Kinds = std::variant<boost::asio::ip::network_v4, boost::asio::ip::network_v6>;
    explicit Network(Kinds network) : network_(network) {}

    Kinds network_;
};

}  // namespace assistd
