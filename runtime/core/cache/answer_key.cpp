#include "runtime/core/cache/answer_key.hpp"

namespace flipsync {

namespace {

constexpr std::string_view answer_encoding = "flipsync answer 1";

void add(canonical_text& to, const std::vector<tool_call>& calls) {
  to.number(calls.size());
  for (const auto& call : calls)
    to.text(call.id).text(call.name).text(call.arguments);
}

void add(canonical_text& to, const std::vector<std::string>& texts) {
  to.number(texts.size());
  for (const auto& text : texts)
    to.text(text);
}

void add_messages(canonical_text& to, const model_request& request) {
  to.number(request.messages.size());
  for (const auto& message : request.messages) {
    to.number(static_cast<std::uint64_t>(message.role)).text(message.text);
    add(to, message.tool_calls);
    to.text(message.tool_call_id);
  }
  add(to, request.facts.items());
}

void add_form(canonical_text& to, const model_request& request) {
  to.number(request.tools.size());
  for (const auto& tool : request.tools)
    to.text(tool.name).text(tool.description).text(tool.parameters);
  to.number(static_cast<std::uint64_t>(request.choice.what)).text(request.choice.name);
  const auto& format = request.format;
  to.number(static_cast<std::uint64_t>(format.what)).text(format.name).text(format.schema);
  to.number(std::uint64_t{format.strict});
}

void add_tuning(canonical_text& to, const model_tuning& tuning) {
  to.real(tuning.temperature).number(tuning.max_tokens).real(tuning.top_p).number(tuning.top_k);
  add(to, tuning.stop);
  to.number(tuning.num_ctx).number(tuning.seed);
  to.real(tuning.presence_penalty).real(tuning.frequency_penalty);
}

} // namespace

canonical_text canonical_question(const answer_question& question) {
  canonical_text out;
  out.text(answer_encoding).text(question.tenant).text(question.provider).text(question.identity);
  out.text(question.model).text(question.locale).number(question.catalogue);
  add_messages(out, question.request);
  add_form(out, question.request);
  add_tuning(out, question.tuning);
  return out;
}

digest256 key_of(const answer_question& question) { return canonical_question(question).digest(); }

} // namespace flipsync
