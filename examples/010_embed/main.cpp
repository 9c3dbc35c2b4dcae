/// FlipSync inside another program: assemble it from the defaults, give it a shop, ask one
/// question, print the answer as it comes. No server, no model, no configuration file.

#include <cstdlib>
#include <filesystem>
#include <future>
#include <iostream>

#include "adapters/store/import.hpp"
#include "config/assemble.hpp"
#include "runtime/core/log.hpp"
#include "runtime/embed/runtime.hpp"

using namespace flipsync;

namespace {

constexpr auto catalogue = "sku,title,price,brand,category,stock,cost\n"
                           "K-1,Copper Kettle,49.90,Boil,Kitchen,12,20.00\n"
                           "K-2,Steel Kettle,29.90,Boil,Kitchen,40,12.00\n"
                           "M-1,Blue Mug,9.50,Clay,Kitchen,80,2.00\n";

/// Called by the runtime, one event after the other; the last is the terminal one.
class printer final : public event_sink {
public:
  void on_event(const turn_event& event) override {
    if (event.type == event_type::token)
      std::cout << event.text << std::flush;
    if (is_terminal(event.type))
      done_.set_value(event.reply);
  }
  std::shared_ptr<const turn_reply> wait() { return done_.get_future().get(); }

private:
  std::promise<std::shared_ptr<const turn_reply>> done_;
};

/// A shop in a folder that the caller removes. A real host would keep it.
result<std::shared_ptr<store_port>> sample_shop(const std::string& folder,
                                                const shop_rules& rules) {
  auto store = config::open_shop({}, rules, folder);
  if (!store)
    return store.error();
  import_options options;
  options.now =
    std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now());
  if (const auto report = import_text(**store, catalogue, options); !report)
    return report.error();
  return std::shared_ptr<store_port>{*std::move(store)};
}

result<int> ask(const std::string& folder) {
  auto parts = config::assemble({}); // the ten agents, the embedded provider
  if (!parts)
    return parts.error();
  auto shop = sample_shop(folder, parts->rules);
  if (!shop)
    return shop.error();
  parts->store = *std::move(shop);
  auto runtime = start_runtime(*std::move(parts));
  if (!runtime)
    return runtime.error();

  turn_request request;
  request.message = "do you have a kettle under $40?";
  request.who = audience::shopper;
  request.stream = true;
  const auto sink = std::make_shared<printer>();
  (*runtime)->submit(request, sink);
  const auto reply = sink->wait();
  std::cout << "\n[" << reply->agent << ", " << reply->products.size() << " products]\n";
  return reply->status == turn_status::ok && !reply->products.empty() ? 0 : 1;
}

} // namespace

int main() {
  log::set_level("warn"); // only the answer
  auto folder = (std::filesystem::temp_directory_path() / "flipsync-embed-XXXXXX").string();
  if (!mkdtemp(folder.data()))
    return 1;
  const auto code = ask(folder);
  std::filesystem::remove_all(folder);
  if (!code)
    std::cerr << code.error().message << '\n';
  return code ? *code : 1;
}
