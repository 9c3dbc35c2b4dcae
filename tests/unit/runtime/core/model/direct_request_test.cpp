#include "runtime/core/model/direct_request.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

direct_request sound() {
  direct_request request;
  request.model = "one/small";
  request.ask.messages.push_back({chat_role::user, "hello", {}, {}});
  return request;
}

std::string field_of(const direct_request& request) {
  const auto checked = validate(request);
  return checked ? std::string{} : std::string{checked.error().detail("field")};
}

} // namespace

TEST_CASE("a direct request with a model and a message is valid") {
  CHECK(validate(sound()).has_value());
}

TEST_CASE("a direct request without a model, or with an endless one, names the model") {
  auto request = sound();
  request.model.clear();
  CHECK(field_of(request) == "model");
  request.model.assign(max_model_name + 1, 'm');
  CHECK(field_of(request) == "model");
  request.model = "\xff";
  CHECK(field_of(request) == "model");
}

TEST_CASE("a direct request needs messages, and in UTF-8") {
  auto request = sound();
  request.ask.messages.clear();
  CHECK(field_of(request) == "messages");
  request.ask.messages.push_back({chat_role::user, "\xc3(", {}, {}});
  CHECK(field_of(request) == "messages");
}

TEST_CASE("the time of a direct request has bounds") {
  using namespace std::chrono_literals;
  auto request = sound();
  request.timeout = 0ms;
  CHECK(field_of(request) == "timeout_ms");
  request.timeout = 10min + 1ms;
  CHECK(field_of(request) == "timeout_ms");
  request.timeout = 10min;
  CHECK(validate(request).has_value());
}
