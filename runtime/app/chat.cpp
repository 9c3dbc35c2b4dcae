#include <iostream>

#include "runtime/app/chat_view.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/line_reader.hpp"

namespace flipsync::app {
namespace {

/// One run of `flipsync chat`: what stays from message to message.
class chat_session {
public:
  chat_session(const surroundings& here, facade& runtime, const chat_arguments& arguments,
               bool json)
    : here_{here},
      runtime_{runtime},
      arguments_{arguments},
      json_{json},
      colour_{!json && stdout_is_terminal()} {}

  /// Exit code of the turn; `leave()` says whether the user wants no more.
  int ask(std::string message) {
    turn_request request;
    request.message = std::move(message);
    request.conversation_id = arguments_.conversation;
    request.agent = arguments_.agent;
    request.who = arguments_.who;
    request.timeout = arguments_.timeout;
    request.age_confirmed = arguments_.age_confirmed;
    request.stream = !json_;
    const auto view = make_view();
    const auto outcome = run_turn(runtime_, std::move(request), *view, here_.signals, here_.out);
    leave_ = outcome.leave || !here_.out.ok();
    if (!outcome.reply)
      return exit_failed;
    if (!outcome.reply->conversation_id.empty())
      arguments_.conversation = outcome.reply->conversation_id;
    return outcome.reply->status == turn_status::failed ? exit_code_of(outcome.reply->why.code)
                                                        : exit_done;
  }

  /// "/quit", "/agent NAME", "/new", "/help".
  void command(const std::string& line) {
    const auto space = line.find(' ');
    const auto name = line.substr(0, space);
    const auto rest = space == std::string::npos ? std::string{} : line.substr(space + 1);
    if (name == "/quit" || name == "/exit")
      leave_ = true;
    else if (name == "/agent")
      choose_agent(rest);
    else if (name == "/new")
      arguments_.conversation.clear();
    else
      std::cerr << "/agent NAME asks that agent from now on (/agent alone: the message decides), "
                   "/new begins a new conversation, /quit leaves.\n";
  }

  [[nodiscard]] bool leave() const noexcept { return leave_; }
  [[nodiscard]] std::string prompt() const {
    return (arguments_.agent.empty() ? "flipsync" : arguments_.agent) + "> ";
  }

private:
  std::unique_ptr<turn_view> make_view() {
    if (json_)
      return std::make_unique<json_view>(here_.out);
    return std::make_unique<human_view>(here_.out, colour_, stderr_is_terminal());
  }

  void choose_agent(const std::string& name) {
    arguments_.agent = name;
    std::cerr << (name.empty() ? "The message decides who answers."
                               : name + " answers from now on.")
              << '\n';
  }

  const surroundings& here_;
  facade& runtime_;
  chat_arguments arguments_;
  bool json_;
  bool colour_;
  bool leave_ = false;
};

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t") == std::string::npos;
}

/// One turn per line. A person sees a prompt and may type commands; a pipe's run fails if one of
/// its turns did.
int converse(const surroundings& here, chat_session& session) {
  const bool typed = stdin_is_terminal();
  const bool person = typed && stderr_is_terminal();
  line_reader lines{here.signals};
  int code = exit_done;
  if (person)
    std::cerr << "Ask away. /help says what else there is, Ctrl-C stops an answer.\n";
  while (!session.leave()) {
    if (person)
      std::cerr << session.prompt() << std::flush;
    auto line = lines.next();
    if (!line) {
      if (person)
        std::cerr << '\n';
      break;
    }
    if (line->too_long) {
      std::cerr << "flipsync: the line is longer than 1 MiB; it was not asked\n";
      code = exit_wrong_use;
      continue;
    }
    if (is_blank(line->text))
      continue;
    if (typed && line->text.starts_with('/')) {
      session.command(line->text);
      continue;
    }
    if (const int one = session.ask(std::move(line->text)); one != exit_done && !person)
      code = one;
  }
  return here.out.ok() ? code : exit_failed;
}

} // namespace

int chat(const surroundings& here, const chat_arguments& arguments, bool json) {
  auto runtime = start_local(here.ctx);
  if (!runtime)
    return report(runtime.error());
  chat_session session{here, **runtime, arguments, json};
  const int code =
    arguments.words.empty() ? converse(here, session) : session.ask(joined(arguments.words, " "));
  (*runtime)->stop();
  return here.out.ok() ? code : exit_failed;
}

} // namespace flipsync::app
