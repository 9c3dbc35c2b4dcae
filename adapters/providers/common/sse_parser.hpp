#pragma once
/// Server-sent events (WHATWG HTML, "Interpreting an event stream") out of pieces of bytes.

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "adapters/providers/common/line_splitter.hpp"

namespace flipsync::providers {

struct sse_event {
  std::string_view name; ///< the `event` field; empty where there is none
  std::string_view data; ///< its `data` lines, joined by line feeds
};

/// Pieces may end at any byte. Comments, ids, retry times and unknown fields are passed over.
class sse_parser {
public:
  /// Returns false to stop the parsing.
  using sink = std::function<bool(const sse_event&)>;

  explicit sse_parser(std::size_t max_event_bytes)
    : lines_{max_event_bytes},
      max_event_{max_event_bytes} {}

  /// False if an event is larger than allowed or the sink said stop.
  bool feed(std::string_view bytes, const sink& on_event);
  /// The end of the stream: unlike a browser, hands over a last event without its empty line, since
  /// servers leave that out.
  bool finish(const sink& on_event);
  /// The lines that are no field, from the first that looks like JSON on, 64 KiB at most: some
  /// servers write an error so into a stream that has begun.
  [[nodiscard]] const std::string& stray() const noexcept { return stray_; }

private:
  bool line(std::string_view text, const sink& on_event);
  void keep_stray(std::string_view text);
  bool dispatch(const sink& on_event);
  bool append_data(std::string_view value);

  line_splitter lines_;
  std::size_t max_event_;
  std::string name_;
  std::string data_;
  std::string stray_;
  bool has_data_ = false;
  bool at_start_ = true;
};

} // namespace flipsync::providers
