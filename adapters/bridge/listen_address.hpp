#pragma once
/// Where the door may listen.

#include <boost/asio/ip/tcp.hpp>

#include "adapters/bridge/bridge.hpp"

namespace flipsync {

/// Checks every setting against its range. Errors: invalid_request with `field`.
result<void> validate(const bridge_settings& settings);

/// The address and port to bind. Errors: invalid_request with field `host` for what is no address,
/// forbidden for one that is not loopback without keys and without `insecure`.
result<boost::asio::ip::tcp::endpoint> listen_endpoint(const bridge_settings& settings);

/// Whether only this machine reaches the address.
bool is_loopback(const boost::asio::ip::address& address);

/// How a client is told apart by its address: an IPv6 one by the 64 bits of its network, since
/// whoever has one address of it has all of them.
std::string client_address(const boost::asio::ip::address& address);

/// Opens, binds and listens. Errors: conflict (in use), forbidden (privileged port),
/// invalid_request (not an address of this machine), internal.
result<void> open_listener(boost::asio::ip::tcp::acceptor& acceptor,
                           const boost::asio::ip::tcp::endpoint& where);

} // namespace flipsync
