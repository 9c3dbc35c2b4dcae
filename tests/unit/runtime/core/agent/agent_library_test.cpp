#include <catch2/catch_test_macros.hpp>

#include "runtime/core/agent/agent_spec.hpp"

using namespace flipsync;

namespace {

class named_skill final : public skill {
public:
  explicit named_skill(std::string name, std::string says = {})
    : name_{std::move(name)},
      says_{std::move(says)} {}
  [[nodiscard]] std::string_view name() const noexcept override { return name_; }
  [[nodiscard]] std::string_view description() const noexcept override { return says_; }
  [[nodiscard]] std::string_view schema() const noexcept override { return "{}"; }
  [[nodiscard]] std::vector<store_query> needs(const skill_input&) const override { return {}; }
  [[nodiscard]] result<skill_output> compute(const skill_input&,
                                             const std::vector<const store_rows*>&) const override {
    return skill_output{};
  }

private:
  std::string name_;
  std::string says_;
};

class fixed_plan final : public agent_plan {
public:
  explicit fixed_plan(std::string part) : part_{std::move(part)} {}
  [[nodiscard]] part_plan plan(const agent_spec&, const skill_input&) const override {
    part_contract part;
    part.name = part_;
    return {part};
  }

private:
  std::string part_;
};

part_plan planned(const agent_library& library, std::string_view agent, const agent_spec& spec) {
  const message_reading message;
  return library.plan_of(agent).plan(spec, skill_input{message});
}

part_contract part(std::string name, part_source source = part_source::rules) {
  part_contract out;
  out.name = std::move(name);
  out.source = source;
  return out;
}

} // namespace

TEST_CASE("Skills are found by name, and a later one replaces the earlier in its place") {
  agent_library library;
  library.add(std::make_shared<named_skill>("price_band", "old"));
  library.add(std::make_shared<named_skill>("seo_score"));
  library.add(std::make_shared<named_skill>("price_band", "new"));
  REQUIRE(library.find_skill("price_band"));
  CHECK(library.find_skill("price_band")->description() == "new");
  CHECK(library.find_skill("unknown") == nullptr);
  CHECK(library.skill_names() == std::vector<std::string>{"price_band", "seo_score"});
}

TEST_CASE("An agent without a plan of its own gets one required response with its skills") {
  const agent_library library;
  agent_spec spec;
  spec.skills = {"grammar_check", "vocabulary_drill"};
  const auto plan = planned(library, "tutor", spec);
  REQUIRE(plan.size() == 1);
  CHECK(plan.front().name == "response");
  CHECK(plan.front().required);
  CHECK(plan.front().source == part_source::model);
  CHECK(plan.front().skills == spec.skills);
}

TEST_CASE("A later plan for the same agent replaces the earlier") {
  agent_library library;
  library.add("pricing", std::make_shared<fixed_plan>("old"));
  library.add("pricing", std::make_shared<fixed_plan>("new"));
  CHECK(planned(library, "pricing", {}).front().name == "new");
}

TEST_CASE("Configured parts lie over the plan's, and keep what they leave empty") {
  auto planned_response = part("response", part_source::model);
  planned_response.required = true;
  planned_response.skills = {"a", "b"};
  planned_response.instruction = "be brief";
  planned_response.max_tokens = 300;

  auto configured = part("response", part_source::model);
  configured.required = true;
  configured.provider = "scripted";
  configured.deadline_share = 0.5;
  const auto merged =
    with_overrides({planned_response, part("quick_replies")}, {configured, part("summary")});

  REQUIRE(merged.size() == 3);
  CHECK(merged[0].provider == "scripted");
  CHECK(merged[0].deadline_share == 0.5);
  CHECK(merged[0].skills == std::vector<std::string>{"a", "b"});
  CHECK(merged[0].instruction == "be brief");
  CHECK(merged[0].max_tokens == 300);
  CHECK(merged[1].name == "quick_replies");
  CHECK(merged[2].name == "summary");
}
