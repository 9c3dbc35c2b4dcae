#include "runtime/core/model/chain_plan.hpp"

#include <algorithm>
#include <optional>

#include "runtime/core/assembly.hpp"
#include "runtime/core/model/message_complexity.hpp"
#include "runtime/core/model/request_defaults.hpp"

namespace flipsync {

namespace {

constexpr std::uint32_t usual_answer = 256;

using tier_list = std::vector<std::pair<std::string, std::string>>;

/// Sentences of an explanation.
void say(std::string& why, std::string_view more) {
  if (!why.empty())
    why += "; ";
  why += more;
}

std::string_view model_in(const tier_list& tiers, std::string_view tier) {
  for (const auto& [name, model] : tiers)
    if (name == tier)
      return model;
  return {};
}

std::size_t prompt_bytes(const model_request& request) noexcept {
  std::size_t bytes = 0;
  for (const auto& message : request.messages)
    bytes += message.text.size();
  for (const auto& tool : request.tools)
    bytes += tool.description.size() + tool.parameters.size();
  return bytes;
}

class planner {
public:
  planner(const chain_question& question, const model_routing& routing,
          const std::vector<provider_entry>& providers)
    : question_{question},
      routing_{routing},
      providers_{providers},
      needs_{needs_of(question.request)} {}

  chain plan() {
    const auto names = order();
    read_tier();
    std::vector<std::size_t> fit;
    for (const auto& name : names)
      consider(name, fit);
    nothing_fits_ = fit.empty() && !too_small_.empty();
    if (nothing_fits_)
      fit = {roomiest()};
    for (const auto index : fit)
      add_route(index);
    add_long_models(fit);
    return std::move(out_);
  }

private:
  /// Names of providers, the primary first, each once.
  std::vector<std::string> order() {
    if (!question_.provider.empty()) {
      say(out_.why, "the provider is named");
      return {std::string{question_.provider}};
    }
    std::vector<std::string> names;
    const auto add = [&](const std::string& name) {
      if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
    };
    if (routing_.by_task) {
      for (const auto& name : routing_.tasks.providers(question_.task, question_.prefer))
        if (is_configured(name))
          add(name);
      if (!names.empty())
        say(out_.why, table_reason());
    }
    if (names.empty())
      say(out_.why, "the configured primary");
    const bool chosen = !names.empty();
    if (!chosen || routing_.primary_stands_in)
      add(routing_.provider);
    if (chosen || routing_.primary_stands_in)
      for (const auto& name : routing_.fallbacks)
        add(name);
    return names;
  }

  std::string table_reason() const {
    std::string reason = "by the table:";
    if (!question_.task.empty())
      reason += " task " + std::string{question_.task};
    if (question_.prefer != priority::unset)
      reason += " priority " + std::string{to_string(question_.prefer)};
    return reason;
  }

  /// A message may move a call of the default tier to the cheap or the strong model.
  void read_tier() {
    tier_ = question_.tier.empty() ? "default" : question_.tier;
    if (!routing_.by_complexity || tier_ != "default" || !question_.request.model.empty()
        || question_.message.empty() || !has_other_tiers())
      return;
    const auto verdict = complexity_of(question_.message);
    tier_ = verdict.what == complexity::simple ? "fast" : "strong";
    say(out_.why, std::string{to_string(verdict.what)} + " message (" + verdict.reason + ")");
  }

  /// Whether a tier would be answered by another model than the default one.
  bool has_other_tiers() const {
    for (std::size_t i = 0; i < providers_.size(); ++i)
      for (const auto* tier : {"fast", "strong"})
        if (const auto own = model_in(tiers_of(i), tier); !own.empty() && own != usual_model_of(i))
          return true;
    return false;
  }

  std::optional<std::size_t> index_of(std::string_view name) const {
    for (std::size_t i = 0; i < providers_.size(); ++i)
      if (providers_[i].provider->name() == name)
        return i;
    return std::nullopt;
  }

  bool is_configured(std::string_view name) const { return index_of(name).has_value(); }

  void consider(const std::string& name, std::vector<std::size_t>& fit) {
    const auto index = index_of(name);
    if (!index)
      return;
    const auto able = providers_[*index].provider->capabilities();
    if (needs_.tools && !able.tools)
      return say(out_.why, name + " left out: no tools");
    if (needs_.json_schema && !able.json_schema)
      return say(out_.why, name + " left out: no answers by schema");
    if (able.context_tokens > 0 && needs_.tokens > able.context_tokens) {
      say(out_.why, name + " left out: the prompt is too long");
      too_small_.push_back(*index);
      return;
    }
    fit.push_back(*index);
  }

  /// An estimate alone refuses nothing: where no model seems large enough, the largest is asked.
  std::size_t roomiest() const {
    const auto size = [&](std::size_t i) {
      return providers_[i].provider->capabilities().context_tokens;
    };
    return *std::max_element(too_small_.begin(), too_small_.end(),
                             [&](std::size_t a, std::size_t b) { return size(a) < size(b); });
  }

  void add_route(std::size_t index) {
    const auto able = providers_[index].provider->capabilities();
    // A model's name belongs to the primary; a fallback answers with its own.
    if (out_.routes.empty() && !question_.request.model.empty())
      return out_.routes.push_back({index, question_.request.model, able.context_tokens});
    const auto usual = usual_model_of(index);
    const auto own = model_in(tiers_of(index), tier_);
    const bool fast = tier_ == "fast";
    const bool has_own = !own.empty() && own != usual;
    if (!has_own || (fast && !fits_fast(able))) {
      if (has_own)
        say(out_.why,
            providers_[index].provider->name() + ": the prompt may not fit the fast tier");
      return out_.routes.push_back({index, std::string{usual}, able.context_tokens});
    }
    if (out_.routes.empty())
      say(out_.why, tier_ + " tier");
    const auto context = fast ? fast_context(able) : able.context_tokens;
    out_.routes.push_back({index, std::string{own}, context, false, fast});
    if (fast)
      out_.routes.push_back({index, std::string{usual}, able.context_tokens, false, false, true});
  }

  const tier_list& tiers_of(std::size_t index) const {
    const auto& entry = providers_[index];
    return entry.provider->name() == routing_.provider && entry.tier_models.empty()
             ? routing_.tier_models
             : entry.tier_models;
  }

  std::string_view usual_model_of(std::size_t index) const {
    const auto model = model_in(tiers_of(index), "default");
    return model.empty() ? std::string_view{providers_[index].provider->default_model()} : model;
  }

  std::uint32_t fast_context(const model_capabilities& able) const {
    const auto asked_for = able.context_by_request ? fast_context_of(routing_) : 0;
    return asked_for > 0 ? asked_for : able.context_tokens;
  }

  /// By the high estimate, since a prompt that is too long would lose its beginning without a word.
  bool fits_fast(const model_capabilities& able) const {
    if (!able.context_by_request || routing_.fast.num_ctx == 0)
      return true;
    const auto answer = question_.fast_answer.value_or(usual_answer);
    return std::uint64_t{most_prompt_tokens(question_.request)} + answer
           <= fast_context_of(routing_);
  }

  /// After all others, unless nothing else holds the prompt.
  void add_long_models(const std::vector<std::size_t>& fit) {
    auto indices = fit;
    for (const auto index : too_small_)
      if (std::find(indices.begin(), indices.end(), index) == indices.end())
        indices.push_back(index);
    std::vector<chain_route> more;
    for (const auto index : indices)
      if (const auto& model = providers_[index].long_model; !model.empty())
        more.push_back({index, model, 0, !nothing_fits_});
    out_.routes.insert(nothing_fits_ ? out_.routes.begin() : out_.routes.end(), more.begin(),
                       more.end());
  }

  const chain_question& question_;
  const model_routing& routing_;
  const std::vector<provider_entry>& providers_;
  model_needs needs_;
  std::string tier_;
  std::vector<std::size_t> too_small_;
  bool nothing_fits_ = false;
  chain out_;
};

} // namespace

std::uint32_t prompt_tokens(const model_request& request) noexcept {
  return static_cast<std::uint32_t>(prompt_bytes(request) / bytes_per_token);
}

std::uint32_t most_prompt_tokens(const model_request& request) noexcept {
  constexpr std::size_t fewest_bytes = 3;
  constexpr std::size_t frame = 16;
  auto bytes = prompt_bytes(request) + request.format.schema.size();
  for (const auto& message : request.messages)
    for (const auto& call : message.tool_calls)
      bytes += call.name.size() + call.arguments.size();
  const auto frames = (request.messages.size() + request.tools.size()) * frame;
  return static_cast<std::uint32_t>(bytes / fewest_bytes + frames);
}

std::uint32_t estimated_tokens(const model_request& request) noexcept {
  return prompt_tokens(request) + request.tuning.max_tokens.value_or(usual_answer);
}

model_needs needs_of(const model_request& request) noexcept {
  return {!request.tools.empty(), request.format.what == answer_format::kind::json_schema,
          estimated_tokens(request)};
}

chain plan_chain(const chain_question& question, const model_routing& routing,
                 const std::vector<provider_entry>& providers) {
  return planner{question, routing, providers}.plan();
}

} // namespace flipsync
