#include "adapters/bridge/listen_address.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v6.hpp>

namespace flipsync {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

error wrong_setting(std::string field, std::string why) {
  return error{errc::invalid_request, std::move(why)}.with("field", std::move(field));
}

std::string show(const tcp::endpoint& where) {
  const auto host = where.address().to_string();
  const auto port = ":" + std::to_string(where.port());
  return where.address().is_v6() ? "[" + host + "]" + port : host + port;
}

error listen_error(const tcp::endpoint& where, const boost::system::error_code& why) {
  const auto place = show(where);
  if (why == asio::error::address_in_use)
    return error{errc::conflict, place
                                   + " is in use by another program; choose another port, or 0 "
                                     "for a free one"}
      .with("field", "port");
  if (why == asio::error::access_denied)
    return error{errc::forbidden, place + " needs more rights: ports below 1024 are privileged"}
      .with("field", "port");
  if (why == boost::system::errc::address_not_available)
    return wrong_setting("host", place + " is not an address of this machine");
  return error{errc::internal, "cannot listen on " + place + ": " + why.message()};
}

} // namespace

result<void> validate(const bridge_settings& s) {
  using namespace std::chrono_literals;
  constexpr std::size_t kib = 1024;
  if (s.io_threads < 1 || s.io_threads > 64)
    return wrong_setting("io_threads", "io_threads must lie between 1 and 64");
  if (s.max_header < kib || s.max_header > kib * kib)
    return wrong_setting("max_header", "max_header must lie between 1 KiB and 1 MiB");
  if (s.max_body < 1 || s.max_body > 64 * kib * kib)
    return wrong_setting("max_body", "max_body must lie between 1 byte and 64 MiB");
  if (s.max_sockets < 1)
    return wrong_setting("max_sockets", "max_sockets must be at least 1");
  if (s.max_pipelined < kib || s.max_pipelined > 64 * kib * kib)
    return wrong_setting("max_pipelined", "max_pipelined must lie between 1 KiB and 64 MiB");
  if (s.max_frame < kib || s.max_frame > 64 * kib * kib)
    return wrong_setting("max_frame", "max_frame must lie between 1 KiB and 64 MiB");
  if (s.max_stream_buffer < kib)
    return wrong_setting("max_stream_buffer", "max_stream_buffer must be at least 1 KiB");
  const std::pair<const char*, std::chrono::milliseconds> times[]{
    {"request_timeout", s.request_timeout},
    {"idle_timeout", s.idle_timeout},
    {"write_timeout", s.write_timeout},
    {"heartbeat", s.heartbeat},
    {"close_timeout", s.close_timeout}};
  for (const auto& [name, time] : times)
    if (time < 10ms || time > 24h)
      return wrong_setting(name, std::string{name} + " must lie between 10 ms and 24 h");
  if (s.keep_cores_awake < 0ms || s.keep_cores_awake > 1min)
    return wrong_setting("keep_cores_awake", "keep_cores_awake must lie between 0 and 1 min");
  return {};
}

bool is_loopback(const asio::ip::address& address) {
  if (address.is_v6() && address.to_v6().is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, address.to_v6()).is_loopback();
  return address.is_loopback();
}

std::string client_address(const asio::ip::address& address) {
  if (!address.is_v6())
    return address.to_string();
  const auto v6 = address.to_v6();
  if (v6.is_v4_mapped())
    return asio::ip::make_address_v4(asio::ip::v4_mapped, v6).to_string();
  return asio::ip::make_network_v6(v6, 64).canonical().to_string();
}

result<tcp::endpoint> listen_endpoint(const bridge_settings& settings) {
  auto host = settings.host == "localhost" ? std::string{"127.0.0.1"} : settings.host;
  if (host.size() > 2 && host.front() == '[' && host.back() == ']')
    host = host.substr(1, host.size() - 2);
  boost::system::error_code why;
  const auto address = asio::ip::make_address(host, why);
  if (why)
    return wrong_setting("host",
                         "'" + settings.host.substr(0, 100) + "' is no IP address to listen on");
  if (!settings.insecure && settings.keys.empty() && !is_loopback(address))
    return error{errc::forbidden,
                 "listening on " + address.to_string()
                   + " lets everyone on the network in: make API keys with `flipsync keys add`, or "
                     "say --insecure if nobody is to be asked for one"}
      .with("field", "host");
  return tcp::endpoint{address, settings.port};
}

result<void> open_listener(tcp::acceptor& acceptor, const tcp::endpoint& where) {
  boost::system::error_code why;
  acceptor.open(where.protocol(), why);
  // Without it a restart would wait for the last connections of the one before to be forgotten.
  if (!why)
    acceptor.set_option(tcp::acceptor::reuse_address{true}, why);
  if (!why)
    acceptor.bind(where, why);
  if (!why)
    acceptor.listen(asio::socket_base::max_listen_connections, why);
  if (why)
    return listen_error(where, why);
  return {};
}

} // namespace flipsync
