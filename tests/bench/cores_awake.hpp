#pragma once
/// All cores awake, for as long as a scope lasts (docs/adr/0036).

namespace flipsync::bench {

/// Asks the kernel to keep the machine's cores from sleeping, as the service does with
/// server.keep_cores_awake. Without the right to ask, they sleep as they like.
class cores_awake {
public:
  cores_awake();
  ~cores_awake();
  cores_awake(const cores_awake&) = delete;
  cores_awake& operator=(const cores_awake&) = delete;

  /// Whether this user may ask.
  [[nodiscard]] static bool possible() noexcept;
  /// Where this user may not ask, prints why there are no rows of it.
  static void announce();

private:
  int device_;
};

} // namespace flipsync::bench
