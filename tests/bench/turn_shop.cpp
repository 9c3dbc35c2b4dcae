#include "tests/bench/turn_shop.hpp"

#include <fstream>

namespace flipsync::bench {

using std::chrono::milliseconds;

turn_shop::turn_shop(const turn_options& opts, const std::string& name)
  : opts_{opts},
    folder_{"turn-bench-" + name} {
  folder_.import(opts.program, opts.sample, {"products", "prices", "orders", "rates"});
}

std::string turn_shop::write(const std::string& name, const std::string& text) const {
  auto path = (folder_.path() / name).string();
  std::ofstream{path} << text;
  return path;
}

std::unique_ptr<service> turn_shop::serve(const std::string& model,
                                          std::vector<std::string> arguments) const {
  arguments.insert(arguments.end(), {"--log-level", "warn"});
  return std::make_unique<service>(
    opts_.program, folder_.data(), arguments,
    std::vector<std::string>{
      "LLM_PROVIDER=openai", "LLM_MODEL=" + model, "OPENAI_API_KEY=bench", "ENABLE_CACHING=false",
      "OPENAI_BASE_URL=http://127.0.0.1:" + std::to_string(mock.port()) + "/v1"});
}

std::unique_ptr<service> turn_shop::serve_embedded() const {
  return std::make_unique<service>(opts_.program, folder_.data(),
                                   std::vector<std::string>{"--log-level", "warn"},
                                   std::vector<std::string>{"LLM_PROVIDER=offline"});
}

milliseconds turn_shop::time(int full) const { return milliseconds{opts_.quick ? full / 5 : full}; }

std::vector<std::string> shopper_requests() {
  std::vector<std::string> requests;
  for (const std::string message :
       {"Do you have wireless headphones under $100?", "show me running shoes",
        "looking for a desk lamp", "recommend a gift for a cat", "price of a power bank"})
    requests.push_back(
      json_request("/api/v1/chat", R"({"message":")" + message + R"(","audience":"shopper"})"));
  return requests;
}

std::vector<std::string> new_requests(std::size_t from, std::size_t count) {
  std::vector<std::string> requests;
  requests.reserve(count);
  for (auto number = from; number < from + count; ++number)
    requests.push_back(json_request("/api/v1/chat", R"({"message":"looking for desk lamp )"
                                                      + std::to_string(number)
                                                      + R"(","audience":"shopper"})"));
  return requests;
}

std::string direct_call(const std::string& model) {
  return json_request("/v1/chat/completions",
                      R"({"model":")" + model
                        + R"(","messages":[{"role":"user","content":"hi"}]})");
}

load_result load(std::uint16_t port, std::vector<std::string> requests, std::size_t connections,
                 milliseconds duration) {
  load_settings settings;
  settings.port = port;
  settings.requests = std::move(requests);
  settings.connections = connections;
  settings.duration = duration;
  settings.warm_up = milliseconds{500};
  return run_load(settings);
}

} // namespace flipsync::bench
