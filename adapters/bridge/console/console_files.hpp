#pragma once
/// The files of the console page, as they were when the program was built.

#include <span>
#include <string_view>

namespace flipsync::console {

struct file {
  std::string_view name; ///< "main.js"
  std::string_view type; ///< as Content-Type has it
  std::string_view etag; ///< with its quotes; changes with the content
  std::string_view body;
};

std::span<const file> files() noexcept;
/// Null if there is no file of this name.
const file* find(std::string_view name) noexcept;

} // namespace flipsync::console
