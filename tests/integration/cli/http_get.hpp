#pragma once
/// As much of a client and a server as these tests need, over plain sockets.

#include <string>

namespace flipsync::test {

/// The whole response of one GET on loopback; empty where the connection is refused.
std::string http_get(int port, const std::string& target);

/// A POST whose answer nobody waits for; the connection closes with the object.
class pending_post {
public:
  pending_post(int port, const std::string& target, const std::string& body);
  ~pending_post();
  pending_post(const pending_post&) = delete;
  pending_post& operator=(const pending_post&) = delete;

private:
  int fd_;
};

/// Takes connections and never answers.
class silent_server {
public:
  silent_server();
  ~silent_server();
  silent_server(const silent_server&) = delete;
  silent_server& operator=(const silent_server&) = delete;
  [[nodiscard]] std::string address() const;
  /// Blocks until somebody has connected and sent something.
  void wait_for_connection();

private:
  int listener_;
  int client_ = -1;
};

/// A port that nobody listens on now.
int free_port();

/// Blocks until GET /readyz on the port says 200.
void wait_until_ready(int port);
/// Blocks until GET /readyz on the port no longer says 200.
void wait_until_refused(int port);

} // namespace flipsync::test
