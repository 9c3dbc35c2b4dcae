#include "runtime/core/model/fault.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace flipsync;

namespace {

fault read(errc code, std::initializer_list<std::pair<const char*, const char*>> details = {}) {
  error why{code, "scripted"};
  for (const auto& [name, value] : details)
    why.with(name, value);
  return fault_of(why);
}

} // namespace

TEST_CASE("an error's code and details name the row of the table") {
  CHECK(read(errc::none) == fault::none);
  CHECK(read(errc::rate_limited) == fault::rate_limited);
  CHECK(read(errc::provider_unavailable, {{"status", "503"}}) == fault::server_error);
  CHECK(read(errc::provider_unavailable, {{"phase", "connect"}}) == fault::unreachable);
  CHECK(read(errc::provider_unavailable, {{"phase", "head"}}) == fault::unreachable);
  CHECK(read(errc::malformed_reply) == fault::garbled);
  CHECK(read(errc::malformed_reply, {{"limit", "size"}}) == fault::oversized);
  CHECK(read(errc::context_too_long) == fault::context_too_long);
  CHECK(read(errc::content_filtered) == fault::filtered);
  CHECK(read(errc::overloaded) == fault::no_room);
  CHECK(read(errc::agent_down) == fault::actor_down);
}

TEST_CASE("a limit of time is read by its phase") {
  for (const auto* phase : {"connect", "first_byte", "total"})
    CHECK(read(errc::deadline_exceeded, {{"phase", phase}}) == fault::silent);
  CHECK(read(errc::deadline_exceeded, {{"phase", "first_token"}}) == fault::slow_start);
  CHECK(read(errc::deadline_exceeded, {{"phase", "idle"}}) == fault::stalled);
  CHECK(read(errc::deadline_exceeded, {{"phase", "total"}, {"cut", "true"}}) == fault::stalled);
}

TEST_CASE("what broke off within the answer is cut, whatever its code") {
  CHECK(read(errc::malformed_reply, {{"cut", "true"}}) == fault::cut);
  CHECK(read(errc::provider_unavailable, {{"cut", "true"}}) == fault::cut);
}

TEST_CASE("a refusal is the key's, the quota's, the model's or the request's") {
  CHECK(read(errc::provider_rejected, {{"status", "401"}, {"reason", "key"}})
        == fault::key_refused);
  CHECK(read(errc::provider_rejected, {{"limit", "quota"}}) == fault::quota_used_up);
  CHECK(read(errc::provider_rejected, {{"status", "404"}}) == fault::model_refused);
  CHECK(read(errc::provider_rejected, {{"status", "400"}}) == fault::request_refused);
}

TEST_CASE("what ends the call itself is nobody's fault") {
  for (const auto code : {errc::cancelled, errc::over_budget, errc::invalid_request,
                          errc::shutting_down, errc::store_failed}) {
    CHECK(read(code) == fault::final_here);
    CHECK(culprit_of(read(code)) == culprit::nobody);
  }
}

TEST_CASE("a breaker hears of what is the provider's or the model's fault alone") {
  CHECK(culprit_of(fault::unreachable) == culprit::provider);
  CHECK(culprit_of(fault::server_error) == culprit::model);
  CHECK(culprit_of(fault::silent) == culprit::model);
  CHECK(culprit_of(fault::rate_limited) == culprit::nobody);
  CHECK(culprit_of(fault::key_refused) == culprit::nobody);
  CHECK(culprit_of(fault::quota_used_up) == culprit::key);
  CHECK(culprit_of(fault::filtered) == culprit::nobody);
}

TEST_CASE("an answer that the fast tier's own limit ended is nobody's fault") {
  CHECK(read(errc::malformed_reply, {{"limit", "fast"}}) == fault::outgrown);
  CHECK(culprit_of(fault::outgrown) == culprit::nobody);
}

TEST_CASE("an answer that its length ended before it had text is nobody's fault") {
  CHECK(read(errc::malformed_reply, {{"limit", "length"}}) == fault::wordless);
  CHECK(culprit_of(fault::wordless) == culprit::nobody);
}

TEST_CASE("a lost race is nobody's fault, and is not the call's own end") {
  CHECK(fault_of(lost_race()) == fault::outrun);
  CHECK(culprit_of(fault::outrun) == culprit::nobody);
  CHECK(fault_of(not_wanted()) == fault::final_here);
}

TEST_CASE("another key need not meet what is refused, limited or used up") {
  CHECK(is_of_key(fault::key_refused));
  CHECK(is_of_key(fault::rate_limited));
  CHECK(is_of_key(fault::quota_used_up));
  CHECK_FALSE(is_of_key(fault::server_error));
  CHECK_FALSE(is_of_key(fault::none));
}

TEST_CASE("every fault has a name of its own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < fault_kinds; ++i)
    names.insert(to_string(static_cast<fault>(i)));
  CHECK(names.size() == fault_kinds);
}
