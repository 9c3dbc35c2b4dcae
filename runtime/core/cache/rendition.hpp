#pragma once
/// An answer as bytes that need not be written anew for each who gets it: only its id and its time
/// are.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace flipsync {

class rendition {
public:
  rendition() = default;
  /// `bytes` is JSON, written with `id` wherever an id belongs, which stands nowhere else in it,
  /// and with 0 for `"created"`.
  rendition(std::string_view bytes, std::string_view id);

  void append(std::string& out, std::string_view id, std::int64_t created) const;
  [[nodiscard]] std::size_t size() const noexcept { return text_.size(); }

private:
  enum class kind : std::uint8_t { id, created };
  struct gap {
    std::size_t at = 0; ///< in text_
    kind what = kind::id;
  };
  std::string text_; ///< without what belongs into the gaps
  std::vector<gap> gaps_;
};

} // namespace flipsync
