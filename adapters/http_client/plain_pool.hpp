#pragma once
/// The connections without TLS: those in use, and those kept for the next exchange.

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "adapters/http_client/plain_connection.hpp"
#include "adapters/http_client/socket_watch.hpp"

namespace flipsync::http {

/// Not thread-safe: loop only.
class plain_pool {
public:
  explicit plain_pool(socket_watch& sockets) : sockets_{sockets} {}

  /// Takes over a connected socket of `sockets`' that does not block; it is watched from here on.
  plain_connection& add(int socket, std::string origin);
  /// The connection of this socket; nullptr: none of the pool's.
  [[nodiscard]] plain_connection* find(int socket) const noexcept;
  /// The one to `origin` that became idle last, which is idle no more; nullptr: none.
  plain_connection* take_idle(const std::string& origin);
  /// Its exchange has left, and another may come.
  void keep(plain_connection& idle);
  void close(plain_connection& done) noexcept;
  /// Closes the longest idle until at most so many are left.
  void keep_at_most(std::size_t idle) noexcept;

  [[nodiscard]] std::size_t open() const noexcept { return all_.size(); }
  [[nodiscard]] std::size_t idle() const noexcept { return idle_.size(); }
  /// For one read at a time.
  [[nodiscard]] std::span<char> room() noexcept { return room_; }

private:
  socket_watch& sockets_;
  std::unordered_map<int, std::unique_ptr<plain_connection>> all_;
  std::vector<plain_connection*> idle_; ///< the longest idle first
  std::array<char, std::size_t{64} * 1024> room_;
};

} // namespace flipsync::http
