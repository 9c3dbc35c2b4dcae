#pragma once
/// The catalogue's version where every process of the machine sees it at once, without a system
/// call: eight bytes of a shared mapping in the data folder. The database holds the true number;
/// this one is raised after a commit, and by every read that finds it behind (an importer killed
/// between the two).

#include <cstdint>
#include <filesystem>

namespace flipsync {

class version_mirror {
public:
  version_mirror() = default;
  /// Maps the file, creating it where needed. Throws std::system_error.
  explicit version_mirror(const std::filesystem::path& file);
  version_mirror(version_mirror&& other) noexcept;
  version_mirror& operator=(version_mirror&& other) noexcept;
  ~version_mirror();

  /// Thread-safe, no I/O. 0 where nothing is mapped.
  [[nodiscard]] std::uint64_t load() const noexcept;
  /// Never lowers it. Thread-safe.
  void raise_to(std::uint64_t version) noexcept;

private:
  std::uint64_t* word_ = nullptr;
};

} // namespace flipsync
