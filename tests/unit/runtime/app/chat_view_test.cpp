#include "runtime/app/chat_view.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using flipsync::app::closing_lines;
using flipsync::app::failure_line;

namespace {

turn_reply some_reply() {
  turn_reply reply;
  reply.conversation_id = "c_1";
  reply.agent = "pricing";
  reply.timings.total = std::chrono::milliseconds{12};
  part_report response;
  response.name = "response";
  response.provider = "offline";
  response.model = "facts-1";
  reply.parts = {response};
  return reply;
}

} // namespace

TEST_CASE("the status line names agent, provider, model, time and conversation") {
  CHECK(closing_lines(some_reply(), false) == "[ok | pricing | offline facts-1 | 12 ms | c_1]\n");
}

TEST_CASE("an answer that was cut off by its length does not look whole") {
  auto reply = some_reply();
  reply.finish_reason = "length";
  CHECK(closing_lines(reply, false)
        == "[ok, cut off by its length | pricing | offline facts-1 | 12 ms | c_1]\n");
  reply.finish_reason = "stop";
  CHECK(closing_lines(reply, false) == closing_lines(some_reply(), false));
}

TEST_CASE("only a terminal gets colour") {
  CHECK(closing_lines(some_reply(), false).find('\033') == std::string::npos);
  CHECK(closing_lines(some_reply(), true).find("\033[2m") != std::string::npos);
}

TEST_CASE("products come with price and number, quick replies after them") {
  auto reply = some_reply();
  product_card card;
  card.sku = "K-1";
  card.title = "Kettle\033[31m";
  card.price = money{2999};
  card.in_stock = false;
  card.pitch = "Boils in two minutes.";
  reply.products = {card};
  reply.quick_replies = {"Similar"};
  CHECK(
    closing_lines(reply, false)
    == "\n  $29.99  Kettle[31m [K-1] (out of stock)\n      Boils in two minutes.\n\n  > Similar\n"
       "[ok | pricing | offline facts-1 | 12 ms | c_1]\n");
}

TEST_CASE("a partial answer says which part is missing and an answer by rules names no model") {
  auto reply = some_reply();
  reply.status = turn_status::partial;
  reply.parts[0].provider.clear();
  part_report late;
  late.name = "products";
  late.status = part_status::timed_out;
  reply.parts.push_back(late);
  CHECK(closing_lines(reply, false)
        == "[partial | pricing | rules | 12 ms (products: timed_out) | c_1]\n");
}

TEST_CASE("a failure names the provider and its reason") {
  turn_reply reply;
  reply.status = turn_status::failed;
  reply.why = error{errc::provider_unavailable, "no connection"}
                .with("provider", "ollama")
                .with("reason", "Couldn't\033[2J connect");
  CHECK(failure_line(reply)
        == "flipsync: no connection (provider_unavailable, provider: ollama, "
           "reason: Couldn't[2J connect)\n");
}
