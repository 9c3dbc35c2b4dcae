/// `flipsync cache`: asks the running service for the figures of its caches, or empties them.

#include <future>
#include <iostream>

#include "adapters/http_client/http_client.hpp"
#include "config/text_file.hpp"
#include "runtime/app/commands.hpp"
#include "runtime/app/exit_code.hpp"

namespace flipsync::app {
namespace {

struct response {
  int status = 0;
  std::string body;
};

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
  std::future<result<response>> future() { return done_.get_future(); }

private:
  response got_;
  std::promise<result<response>> done_;
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

std::string address_of(const surroundings& here, const cache_arguments& arguments) {
  const auto& values = here.ctx.config.values;
  if (!arguments.url.empty())
    return arguments.url;
  return (values.tls.certificate.empty() ? "http://" : "https://") + values.server.listen;
}

std::string query_of(const cache_arguments& arguments) {
  std::string query;
  for (const auto& [name, value] :
       {std::pair{"provider", &arguments.provider}, std::pair{"class", &arguments.what}})
    if (!value->empty())
      query += (query.empty() ? "?" : "&") + std::string{name} + '=' + *value;
  return query;
}

result<response> ask(const surroundings& here, const cache_arguments& arguments) {
  const auto key = key_in(arguments.key_file);
  if (!key)
    return key.error();
  exchange_request request;
  request.method = arguments.verb == "clear" ? "DELETE" : "GET";
  request.url = address_of(here, arguments) + "/api/v1/cache";
  if (arguments.verb == "clear")
    request.url += query_of(arguments);
  if (!key->empty())
    request.headers.emplace_back("authorization", "Bearer " + *key);
  request.total_timeout = std::chrono::seconds{15};
  const auto client = make_http_client();
  const auto observer = std::make_shared<collector>();
  auto answer = observer->future();
  const auto running = client->start(std::move(request), observer);
  return answer.get();
}

/// Letters, digits and a few signs, so that the words need no encoding in the address.
bool is_plain(const std::string& word) {
  return word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.")
         == std::string::npos;
}

} // namespace

int cache(const surroundings& here, const cache_arguments& arguments) {
  if (!is_plain(arguments.provider) || !is_plain(arguments.what))
    return report(error{errc::invalid_request, "--provider and --class are names"});
  const auto answer = ask(here, arguments);
  if (!answer)
    return report(answer.error());
  if (answer->status != 200) {
    std::cerr << "flipsync: the service answers " << answer->status << ": "
              << printable(answer->body) << '\n';
    return answer->status == 404 ? exit_wrong_use : exit_failed;
  }
  return here.out.write(answer->body + "\n") ? exit_done : exit_failed;
}

} // namespace flipsync::app
