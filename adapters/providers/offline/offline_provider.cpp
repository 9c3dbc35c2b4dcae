#include "adapters/providers/offline/offline_provider.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace flipsync {

namespace {

constexpr std::string_view blanks = " \t\r\n";
/// Beyond this a paragraph is hard to read.
constexpr std::size_t most_in_a_paragraph = 3;

/// The fact on one line with an end mark; empty where there is nothing in it.
std::string as_sentence(std::string_view fact) {
  std::string out;
  while (true) {
    const auto begin = fact.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
      break;
    fact.remove_prefix(begin);
    const auto word = fact.substr(0, fact.find_first_of(blanks));
    if (!out.empty())
      out += ' ';
    out += word;
    fact.remove_prefix(word.size());
  }
  constexpr std::string_view end_marks = ".!?:;)\"";
  if (!out.empty() && end_marks.find(out.back()) == std::string_view::npos)
    out += '.';
  return out;
}

std::vector<std::string> sentences_of(const std::vector<std::string>& facts) {
  std::vector<std::string> out;
  for (const auto& fact : facts) {
    auto sentence = as_sentence(fact);
    if (!sentence.empty() && std::find(out.begin(), out.end(), sentence) == out.end())
      out.push_back(std::move(sentence));
  }
  return out;
}

/// Calls `use` with each word and the blanks after it, so that the pieces joined are the text.
template <class F>
void for_each_word(std::string_view text, F&& use) {
  while (!text.empty()) {
    const auto word_end = std::min(text.size(), text.find_first_of(blanks));
    const auto next = std::min(text.size(), text.find_first_not_of(blanks, word_end));
    use(text.substr(0, next));
    text.remove_prefix(next);
  }
}

std::uint32_t words_in(std::string_view text) {
  std::uint32_t count = 0;
  for_each_word(text, [&](std::string_view) { ++count; });
  return count;
}

/// There is nothing to stop: the answer was given before the handle was.
class finished_flight final : public flight_handle {
public:
  void cancel() override {}
};

class offline_provider final : public model_provider {
public:
  [[nodiscard]] const std::string& name() const noexcept override { return name_; }
  [[nodiscard]] const std::string& default_model() const noexcept override { return model_; }

  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return {.facts_only = true};
  }

  std::shared_ptr<flight_handle> start(const model_request& request,
                                       std::shared_ptr<flight_observer> observer) override {
    model_reply reply;
    reply.text = compose_from_facts(request.facts.items());
    reply.model = model_;
    reply.finish_reason = "stop";
    for (const auto& message : request.messages)
      reply.tokens.in += words_in(message.text);
    reply.tokens.out = words_in(reply.text);
    if (request.stream) {
      for_each_word(reply.text, [&](std::string_view word) { observer->on_token(word); });
      reply.first_token = std::chrono::microseconds{1}; // at once; 0 would mean not streamed
    }
    observer->on_finished(std::move(reply));
    return finished_;
  }

  void check(std::chrono::milliseconds, std::function<void(result<void>)> done) override {
    done({});
  }

  void models(std::chrono::milliseconds,
              std::function<void(result<std::vector<std::string>>)> done) override {
    done(std::vector<std::string>{model_});
  }

private:
  std::string name_ = "offline";
  std::string model_ = "facts-1";
  std::shared_ptr<flight_handle> finished_ = std::make_shared<finished_flight>();
};

} // namespace

std::string compose_from_facts(const std::vector<std::string>& facts) {
  const auto sentences = sentences_of(facts);
  if (sentences.empty())
    return "The shop's data has nothing on this.";
  std::string text = sentences.front();
  const bool as_list = sentences.size() > most_in_a_paragraph;
  for (std::size_t i = 1; i < sentences.size(); ++i) {
    if (as_list)
      text += i == 1 ? "\n\n- " : "\n- ";
    else
      text += ' ';
    text += sentences[i];
  }
  return text;
}

std::shared_ptr<model_provider> make_offline_provider() {
  return std::make_shared<offline_provider>();
}

} // namespace flipsync
