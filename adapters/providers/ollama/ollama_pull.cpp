#include "adapters/providers/ollama/ollama_pull.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_read.hpp"
#include "adapters/providers/ollama/ollama_codec.hpp"

namespace flipsync {

namespace {

using namespace std::chrono_literals;
using providers::text_of;
using simdjson::dom::element;

constexpr std::size_t max_line = 64 * 1024;
constexpr std::size_t max_refusal = 64 * 1024;
/// Parts of one model whose progress is counted.
constexpr std::size_t max_parts = 1000;

std::uint64_t size_of(element from, std::string_view name) {
  std::uint64_t value = 0;
  const auto found = providers::member(from, name);
  return found && found->get(value) == simdjson::SUCCESS ? value : 0;
}

/// What the registry says of a model that it does not have, or would not give.
bool is_final(std::string_view words) {
  constexpr std::array<std::string_view, 6> marks{
    "file does not exist",      "not found",    "invalid model", "unauthorized",
    "requires a newer version", "no space left"};
  return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
    return words.find(mark) != std::string_view::npos;
  });
}

error pull_failure(const providers::failure_words& words, const providers::failure_frame& frame) {
  const bool final = is_final(words.message);
  return providers::provider_error(final ? errc::provider_rejected : errc::provider_unavailable,
                                   final ? "the model cannot be pulled"
                                         : "pulling the model was interrupted",
                                   frame, words.message);
}

/// One pull, seen from the exchange; all on the exchange's thread.
class pull final : public exchange_observer {
public:
  pull(providers::failure_frame frame, pull_decoder::sink progress,
       std::function<void(result<void>)> done)
    : decoder_{std::move(frame)},
      progress_{std::move(progress)},
      done_{std::move(done)} {}

  void on_head(const exchange_head& head) override { decoder_.head(head); }
  bool on_chunk(std::string_view bytes) override { return decoder_.feed(bytes, progress_); }
  void on_finished(const result<void>& outcome) override {
    done_(decoder_.finish(outcome, progress_));
  }

private:
  pull_decoder decoder_;
  pull_decoder::sink progress_;
  std::function<void(result<void>)> done_;
};

class pull_handle final : public flight_handle {
public:
  explicit pull_handle(std::shared_ptr<exchange_handle> running) : running_{std::move(running)} {}
  void cancel() override { running_->cancel(); }

private:
  std::shared_ptr<exchange_handle> running_;
};

class ollama_fetcher final : public model_fetcher {
public:
  ollama_fetcher(ollama_settings settings, std::shared_ptr<byte_exchange> http)
    : settings_{std::move(settings)},
      http_{std::move(http)} {}

  std::shared_ptr<flight_handle> fetch(const std::string& model, pull_decoder::sink progress,
                                       std::function<void(result<void>)> done) override {
    auto watching =
      std::make_shared<pull>(providers::frame_for(settings_), std::move(progress), std::move(done));
    return std::make_shared<pull_handle>(
      http_->start(pull_request(settings_, model), std::move(watching)));
  }

private:
  ollama_settings settings_;
  std::shared_ptr<byte_exchange> http_;
};

} // namespace

exchange_request pull_request(const ollama_settings& settings, const std::string& model) {
  exchange_request out;
  out.url = ollama_url(settings.base_url) + "/api/pull";
  out.headers = settings.extra_headers;
  if (!settings.key.empty())
    out.headers.emplace_back("authorization", "Bearer " + settings.key);
  out.headers.emplace_back("content-type", "application/json");
  boost::json::object body;
  body["model"] = model;
  body["stream"] = true;
  out.body = boost::json::serialize(body);
  out.connect_timeout = settings.timeouts.connect;
  // Between two parts the server checks what has come, which takes a while for a large one.
  out.first_byte_timeout = 60s;
  out.idle_timeout = 5min;
  out.total_timeout = 24h;
  out.max_response_bytes = 256U * 1024 * 1024;
  return out;
}

pull_decoder::pull_decoder(providers::failure_frame frame)
  : frame_{std::move(frame)},
    lines_{max_line} {}

bool pull_decoder::feed(std::string_view bytes, const sink& progress) {
  if (failure_ || succeeded_)
    return succeeded_;
  if (!providers::is_success(head_.status)) {
    refusal_.append(bytes.substr(0, max_refusal - std::min(max_refusal, refusal_.size())));
    return refusal_.size() < max_refusal;
  }
  const bool sound =
    lines_.feed(bytes, [&](std::string_view text) { return line(text, progress); });
  if (!sound && !failure_)
    fail(providers::provider_error(errc::malformed_reply, "the progress is unreadable", frame_));
  return !failure_;
}

bool pull_decoder::line(std::string_view text, const sink& progress) {
  if (text.empty() || failure_ || succeeded_)
    return !failure_;
  const bool read = providers::with_json(text, [&](element root) {
    if (providers::member(root, "error")) {
      fail(pull_failure(providers::read_failure(text), frame_));
      return;
    }
    now_.step = text_of(root, "status");
    if (const auto digest = text_of(root, "digest"); !digest.empty())
      take_part(digest, size_of(root, "completed"), size_of(root, "total"));
    succeeded_ = now_.step == "success";
  });
  if (!read)
    fail(providers::provider_error(errc::malformed_reply, "the progress is unreadable", frame_));
  if (!failure_)
    progress(now_);
  return !failure_;
}

void pull_decoder::take_part(std::string_view digest, std::uint64_t done, std::uint64_t total) {
  const auto found =
    std::find_if(parts_.begin(), parts_.end(), [&](const part& p) { return p.digest == digest; });
  if (found != parts_.end()) {
    found->done = std::max(found->done, done);
    found->total = std::max(found->total, total);
  } else if (parts_.size() < max_parts) {
    parts_.push_back({std::string{digest}, done, total});
  }
  now_.done_bytes = 0;
  now_.total_bytes = 0;
  for (const auto& p : parts_) {
    now_.done_bytes += std::min(p.done, p.total);
    now_.total_bytes += p.total;
  }
}

result<void> pull_decoder::finish(const result<void>& transport, const sink& progress) {
  if (!succeeded_ && !failure_ && transport && providers::is_success(head_.status))
    lines_.finish([&](std::string_view text) { return line(text, progress); });
  if (succeeded_)
    return {};
  if (failure_)
    return *failure_;
  if (head_.status != 0 && !providers::is_success(head_.status)) {
    const auto words = providers::read_failure(refusal_);
    return is_final(words.message) ? result<void>{pull_failure(words, frame_)}
                                   : providers::expect_success(head_, refusal_, frame_);
  }
  if (!transport)
    return transport.error().with("provider", frame_.provider);
  return providers::provider_error(errc::provider_unavailable, "pulling the model was interrupted",
                                   frame_, "the server ended before it was done");
}

std::shared_ptr<model_fetcher> make_ollama_fetcher(ollama_settings settings,
                                                   std::shared_ptr<byte_exchange> http) {
  return std::make_shared<ollama_fetcher>(std::move(settings), std::move(http));
}

} // namespace flipsync
