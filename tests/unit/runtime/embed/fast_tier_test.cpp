// The fast tier's own limits in virtual time: what its model is asked, and what becomes of an
// answer that they end.
#include "tests/unit/runtime/embed/conduct_fixture.hpp"

using namespace flipsync;
using namespace flipsync::test;

namespace {

const char* const half = "A half";

/// The fast model ends at its limit, the default one as `usual` says.
pair_of fast_pair(std::function<script(const model_request&)> usual,
                  std::function<void(assembly&)> change = {}) {
  const auto play = [usual = std::move(usual)](const model_request& request, std::size_t) {
    script cut{.tokens = {"A ", "half"}, .text = half};
    cut.finish = "length";
    return request.model == "small" ? cut : usual(request);
  };
  return pair_of{play, [change = std::move(change)](assembly& parts) {
                   parts.models.by_complexity = true;
                   parts.models.fast = {100, 1024, {}, {"END"}};
                   parts.models.tuning.max_tokens = 512;
                   parts.providers[0].tier_models = {{"fast", "small"}, {"default", "usual"}};
                   if (change)
                     change(parts);
                 }};
}

script whole(const model_request&) {
  return script{.tokens = {"All ", "of it"}, .text = "All of it"};
}

/// As of a model that has spent its tokens on thinking.
error no_text() {
  return error{errc::malformed_reply, "no text"}.with("reason", "length").with("limit", "length");
}

/// The fast model has no text when its limit ends it, the default one tells it whole.
script thinking_too_long(const model_request& request, std::size_t) {
  return request.model == "small" ? failing(no_text()) : whole(request);
}

std::vector<std::string> models_of(const virtual_runtime& rt) {
  std::vector<std::string> out;
  for (const auto& request : rt.provider->requests())
    out.push_back(request.model);
  return out;
}

} // namespace

TEST_CASE("a simple message goes to the fast model, which is asked for a short answer") {
  auto rt = fast_pair(whole);
  rt.play = [](const model_request&, std::size_t) { return script{}; };
  const auto log = rt.say();
  rt.advance(5ms);
  CHECK(log->reply().message == "an answer");
  REQUIRE(models_of(rt) == list{"small"});
  const auto tuning = rt.provider->requests()[0].tuning;
  CHECK(tuning.max_tokens == 100U);
  CHECK(tuning.num_ctx == 1024U);
  CHECK(tuning.stop == list{"END"});
  CHECK(log->reply().parts[0].why_model.find("fast tier") != std::string::npos);
}

TEST_CASE("an answer that the tier's limit ends is told whole by the default model") {
  for (const bool stream : {false, true}) {
    auto rt = fast_pair(whole);
    const auto log = rt.say(stream);
    rt.advance(5ms);
    const auto& reply = log->reply();
    CHECK(reply.message == "All of it");
    CHECK(reply.finish_reason == "stop");
    CHECK(models_of(rt) == list{"small", "usual"});
    CHECK(rt.provider->requests()[1].tuning.max_tokens == 512U);
    REQUIRE(reply.parts[0].attempts.size() == 2);
    CHECK(reply.parts[0].attempts[0].outcome == errc::malformed_reply);
    CHECK(reply.parts[0].attempts[0].reason
          == "the fast tier's limit of 100 tokens ended the answer");
    CHECK(reply.usage == token_usage{10, 5});
    CHECK(log->count(event_type::restarted) == (stream ? 1 : 0));
    CHECK(rt.health_of(0).models.empty());
    CHECK(rt.second->requests().empty());
  }
}

TEST_CASE("the provider is as well as before after an answer that the tier's limit ended") {
  auto rt = fast_pair(whole);
  for (int i = 0; i < 8; ++i) {
    rt.say();
    rt.advance(5ms);
  }
  const auto health = rt.health_of(0);
  CHECK(health.models.empty());
  CHECK(health.failures[static_cast<std::size_t>(fault::outgrown)] == 8);
  CHECK(rt.runtime->env().provider_state[0]->failures.load() == 0);
  CHECK(rt.runtime->env().provider_state[0]->last_outcome.load() == errc::none);
}

TEST_CASE("where nobody tells it whole, the answer is given as what it is") {
  for (const bool stream : {false, true}) {
    auto rt = fast_pair([](const model_request&) { return failing(down()); },
                        [](assembly& parts) { parts.models.fallbacks.clear(); });
    const auto log = rt.say(stream);
    rt.advance(500ms);
    const auto& reply = log->reply();
    CHECK(reply.status == turn_status::ok);
    CHECK(reply.message == half);
    CHECK(reply.finish_reason == "length");
    CHECK(reply.parts[0].model == "scripted-1");
    CHECK(reply.parts[0].attempts.back().outcome == errc::none);
    CHECK(models_of(rt) == list{"small", "usual", "usual", "usual"});
    CHECK(log->count(event_type::restarted) == (stream ? 1 : 0));
    if (stream)
      CHECK(log->streamed().ends_with(half));
  }
}

TEST_CASE("an answer that the tier's limit ends before it has text is the default model's") {
  for (const bool stream : {false, true}) {
    auto rt = fast_pair(whole);
    rt.play = thinking_too_long;
    for (int i = 0; i < 6; ++i) {
      const auto log = rt.say(stream);
      rt.advance(5ms);
      const auto& reply = log->reply();
      CHECK(reply.message == "All of it");
      REQUIRE(reply.parts[0].attempts.size() == 2);
      CHECK(reply.parts[0].attempts[0].reason
            == "the fast tier's limit of 100 tokens ended the answer");
      CHECK(log->count(event_type::restarted) == 0);
    }
    CHECK(models_of(rt).size() == 12);
    CHECK(rt.health_of(0).models.empty());
    CHECK(rt.second->requests().empty());
  }
}

TEST_CASE("an answer without text is not given where nobody tells it whole") {
  auto rt = fast_pair(whole, [](assembly& parts) { parts.models.fallbacks.clear(); });
  rt.play = [](const model_request& request, std::size_t) {
    return failing(request.model == "small" ? no_text() : down());
  };
  const auto log = rt.say();
  rt.advance(500ms);
  CHECK(log->reply().status == turn_status::failed);
  CHECK(log->reply().why.code == errc::provider_unavailable);
}

TEST_CASE("a model whose limit ends the answer before its text is not asked again, nor blamed") {
  auto rt = fast_pair(whole, [](assembly& parts) { parts.models.by_complexity = false; });
  rt.play = [](const model_request&, std::size_t) { return failing(no_text()); };
  for (int i = 0; i < 6; ++i) {
    const auto log = rt.say();
    rt.advance(5ms);
    check_second_answered(*log);
    CHECK(tried(*log) == list{"scripted", "second"});
  }
  CHECK(rt.health_of(0).models.empty());
  CHECK(rt.health_of(0).failures[static_cast<std::size_t>(fault::wordless)] == 6);
}

TEST_CASE("the prompt that a fast model refuses as too long is the default model's") {
  auto rt = fast_pair(whole);
  rt.play = [](const model_request& request, std::size_t) {
    return request.model == "small" ? failing(error{errc::context_too_long, "too long"})
                                    : whole(request);
  };
  const auto log = rt.say();
  rt.advance(5ms);
  CHECK(log->reply().message == "All of it");
  CHECK(models_of(rt) == list{"small", "usual"});
}

TEST_CASE("an agent of the fast tier that limits its answers itself gets what it asked for") {
  auto rt = fast_pair(whole, [](assembly& parts) {
    parts.agents[1].tier = "fast";
    parts.agents[1].tuning.max_tokens = 50;
  });
  const auto log = rt.say();
  rt.advance(5ms);
  CHECK(log->reply().message == half);
  CHECK(log->reply().finish_reason == "length");
  CHECK(models_of(rt) == list{"small"});
  CHECK(rt.provider->requests()[0].tuning.max_tokens == 50U);
}

TEST_CASE("what the default model told in place of the fast one is kept as that one's answer") {
  auto rt = fast_pair(whole, [](assembly& parts) {
    parts.core.cache.answers = true;
    parts.models.tuning.temperature = 0;
  });
  rt.say();
  rt.advance(5ms);
  const auto log = rt.say();
  rt.advance(5ms);
  CHECK(log->reply().message == "All of it");
  CHECK(log->reply().cached);
  CHECK(models_of(rt) == list{"small", "usual"});
}
