#include "runtime/app/service_call.hpp"

#include <future>
#include <iostream>

#include "adapters/http_client/http_client.hpp"
#include "config/check.hpp"
#include "config/text_file.hpp"
#include "runtime/app/door_settings.hpp"
#include "runtime/app/exit_code.hpp"
#include "runtime/app/output.hpp"

namespace flipsync::app {
namespace {

constexpr std::chrono::seconds longest_wait{15};

/// Collects one response.
class collector final : public exchange_observer {
public:
  void on_head(const exchange_head& head) override { got_.status = head.status; }
  bool on_chunk(std::string_view bytes) override {
    got_.body += bytes;
    return true;
  }
  void on_finished(const result<void>& outcome) override {
    if (outcome)
      done_.set_value(std::move(got_));
    else
      done_.set_value(outcome.error());
  }
  std::future<result<service_answer>> future() { return done_.get_future(); }

private:
  service_answer got_;
  std::promise<result<service_answer>> done_;
};

/// The key alone, without the line's end.
result<std::string> key_in(const std::string& file) {
  if (file.empty())
    return std::string{};
  auto text = config::read_text_file(file);
  if (!text)
    return text.error();
  const auto end = text->find_first_of("\r\n");
  return text->substr(0, end);
}

result<std::string> base_of(const context& ctx, const service_address& where) {
  const auto& values = ctx.config.values;
  if (!where.url.empty())
    return where.url.substr(0, where.url.find_last_not_of('/') + 1);
  const auto listen = config::parse_listen(values.server.listen);
  if (!listen)
    return listen.error();
  const auto host = reached_at(listen->host);
  return (values.tls.certificate.empty() ? "http://" : "https://")
         + (host.find(':') == std::string::npos ? host : '[' + host + ']') + ':'
         + std::to_string(listen->port);
}

/// The service that these settings are of shows their certificate, which needs nobody else's word.
/// One at another address is trusted as the system trusts it.
http_client_settings trust_for(const context& ctx, const service_address& where) {
  http_client_settings out;
  out.ca_file = where.ca_file;
  if (where.ca_file.empty() && where.url.empty())
    out.ca_file = ctx.config.values.tls.certificate;
  return out;
}

/// As the client's error, but with whom it was that could not be asked, and why.
error unanswered(const std::string& base, const error& why) {
  const auto reason = why.detail("reason");
  return error{why.code, "the service at " + printable(base) + " does not answer: "
                           + (reason.empty() ? why.message : printable(reason))};
}

} // namespace

result<service_answer> call_service(const context& ctx, const service_address& where,
                                    const std::string& method, const std::string& target) {
  const auto key = key_in(where.key_file);
  if (!key)
    return key.error();
  exchange_request request;
  request.method = method;
  const auto base = base_of(ctx, where);
  if (!base)
    return base.error();
  request.url = *base + target;
  if (!key->empty())
    request.headers.emplace_back("authorization", "Bearer " + *key);
  request.total_timeout = longest_wait;
  const auto client = make_http_client(trust_for(ctx, where));
  const auto observer = std::make_shared<collector>();
  auto answer = observer->future();
  const auto running = client->start(std::move(request), observer);
  auto got = answer.get();
  return got ? std::move(got) : unanswered(*base, got.error());
}

int report_refusal(const service_answer& answer) {
  std::cerr << "flipsync: the service answers " << answer.status << ": " << printable(answer.body)
            << '\n';
  return answer.status == 404 ? exit_wrong_use : exit_failed;
}

} // namespace flipsync::app
