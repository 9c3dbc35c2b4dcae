#pragma once
/// Which names a request may call this service by, and which web pages may talk to it.

#include <string>
#include <string_view>
#include <vector>

namespace flipsync {

struct origin_settings {
  /// Origins of pages that may call us from another place: "https://shop.example"; "*" is every
  /// one.
  std::vector<std::string> origins;
  /// Names beside localhost, 127.0.0.1 and [::1] by which a loopback listener is called.
  std::vector<std::string> hosts;
  /// True for a listener on loopback: a page of anywhere may have its name resolve to 127.0.0.1
  /// (DNS rebinding), and only the Host header tells.
  bool loopback = true;
  /// True where connections are encrypted: our own origin then begins with https://.
  bool secure = false;
};

/// Pure; immutable.
class origin_rules {
public:
  explicit origin_rules(origin_settings settings);

  /// Whether a request with this Host header is meant for us.
  [[nodiscard]] bool host_allowed(std::string_view host) const;
  /// Whether a page of this origin is listed.
  [[nodiscard]] bool listed(std::string_view origin) const;
  /// Whether this origin is the service's own, as the Host header of the same request names it.
  [[nodiscard]] bool own(std::string_view origin, std::string_view host) const;
  /// Whether a page of this origin may open a WebSocket; one without an Origin is no page.
  [[nodiscard]] bool may_connect(std::string_view origin, std::string_view host) const {
    return origin.empty() || own(origin, host) || listed(origin);
  }
  [[nodiscard]] bool any_listed() const noexcept { return !settings_.origins.empty(); }

private:
  origin_settings settings_;
};

/// Whether this can be an origin: scheme, "://", a host and maybe a port, nothing behind; or "*".
bool is_origin(std::string_view text) noexcept;

} // namespace flipsync
