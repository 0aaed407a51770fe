#include "base/network.h"

namespace assistd {

namespace ip = boost::asio::ip;

namespace {
constexpr unsigned short bits_before_mapped = 96;  // of an IPv6 address that holds an IPv4 address
}

std::optional<ip::address> read_address(const std::string& text) {
    boost::system::error_code problem;
    const ip::address address = ip::make_address(text, problem);
    if (problem) return std::nullopt;
    if (address.is_v6() && address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6());
    return address;
}

std::optional<Network> Network::read(const std::string& text) {
    const bool is_v6 = text.find(':') != std::string::npos;
    const std::string network = text.find('/') != std::string::npos ? text : text + (is_v6 ? "/128" : "/32");
    boost::system::error_code problem;
    const Kinds found =
        is_v6 ? Kinds(ip::make_network_v6(network, problem)) : Kinds(ip::make_network_v4(network, problem));
    if (problem) return std::nullopt;
    const auto* v6 = std::get_if<ip::network_v6>(&found);
    if (v6 == nullptr || !v6->address().is_v4_mapped() || v6->prefix_length() < bits_before_mapped)
        return Network(found);
    const auto v4 = ip::make_address_v4(ip::v4_mapped, v6->address());
    return Network(ip::network_v4(v4, static_cast<unsigned short>(v6->prefix_length() - bits_before_mapped)));
}

bool Network::contains(const ip::address& address) const {
    if (const auto* v4 = std::get_if<ip::network_v4>(&network_))
        return address.is_v4() &&
               ip::network_v4(address.to_v4(), v4->prefix_length()).canonical() == v4->canonical();
    const auto& v6 = std::get<ip::network_v6>(network_);
    return address.is_v6() &&
           ip::network_v6(address.to_v6(), v6.prefix_length()).canonical() == v6.canonical();
}

}  // namespace assistd
