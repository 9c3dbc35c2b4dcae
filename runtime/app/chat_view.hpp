#pragma once
/// How an answer looks on a terminal, and as JSON.

#include <string>

#include "runtime/app/output.hpp"
#include "runtime/app/turn_loop.hpp"

namespace flipsync::app {

/// What follows the answer's text: products, quick replies, one line with agent, provider, time and
/// conversation. Pure.
std::string closing_lines(const turn_reply& reply, bool colour);

/// Why a turn failed: the message, the code, and facts like the provider's name and reason. Pure.
std::string failure_line(const turn_reply& reply);

/// For people: tokens as they come, then the closing lines. On a terminal stderr says what is
/// waited for.
class human_view final : public turn_view {
public:
  human_view(output& out, bool colour, bool show_progress)
    : out_{out},
      colour_{colour},
      show_progress_{show_progress} {}
  void on_event(const turn_event& event) override;

private:
  void show_progress(const turn_event& event);
  void clear_progress();
  void finish(const turn_event& event);

  output& out_;
  bool colour_;
  bool show_progress_;
  bool progress_shown_ = false;
  std::string shown_; ///< the answer's text so far
};

/// For machines: the reply as one line.
class json_view final : public turn_view {
public:
  explicit json_view(output& out) : out_{out} {}
  void on_event(const turn_event& event) override;

private:
  output& out_;
};

} // namespace flipsync::app
