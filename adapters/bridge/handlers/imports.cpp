#include "adapters/bridge/handlers/caller.hpp"
#include "adapters/bridge/handlers/groups.hpp"
#include "runtime/core/wire/json.hpp"

namespace flipsync {

namespace {

/// An import on its way: woken for more bytes, then for its end.
class import_call final : public completion, public std::enable_shared_from_this<import_call> {
public:
  explicit import_call(std::shared_ptr<inbox> to) : to_{std::move(to)} {}

  std::function<void()> room() {
    return [self = shared_from_this()] { self->to_->push(self); };
  }
  back_office::callback<import_outcome> done() {
    return [self = shared_from_this()](result<import_outcome> outcome) {
      self->outcome_.emplace(std::move(outcome));
      self->done_.store(true, std::memory_order_release);
      self->to_->push(self);
    };
  }

  bool ready() override { return done_.load(std::memory_order_acquire); }

  void answer(http_session& session) override {
    if (!*outcome_)
      return session.problem(outcome_->error());
    const auto& done = **outcome_;
    if (done.rejected == 0 || done.committed) {
      session.begin_response(200, "application/json") += done.report;
      return session.end_response();
    }
    constexpr int unprocessable = 422;
    const error why{errc::invalid_request,
                    std::to_string(done.rejected) + " rows were rejected, nothing was changed"};
    auto& out = session.begin_response(unprocessable, "application/problem+json");
    wire::append_problem(out, why, unprocessable, session.request_id());
    out.back() = ',';
    out.append("\"report\":").append(done.report).append("}");
    session.end_response();
  }

private:
  std::shared_ptr<inbox> to_;
  std::optional<result<import_outcome>> outcome_; ///< published by done_
  std::atomic<bool> done_{false};
};

/// Runs once the header is there; the body follows.
void import(http_session& session) {
  auto* office = session.services().runtime.office();
  if (office == nullptr)
    return session.refuse_body(error{errc::not_found, "this runtime has no back office"});
  import_request wanted;
  wanted.kind = session.query().text_or_empty("kind");
  wanted.format = session.query().text_or_empty("format");
  wanted.map = session.query().text_or_empty("map");
  wanted.name = session.query().text("name").value_or("upload");
  wanted.dry_run = session.query().flag("dry_run");
  auto call = std::make_shared<import_call>(session.services().completions);
  auto begun = office->import(std::move(wanted), call->room(), call->done());
  if (!begun)
    return session.refuse_body(begun.error());
  session.receive(std::move(*begun), std::move(call));
}

constexpr query_field fields[]{
  {.name = "kind",
   .type = query_type::choice,
   .summary = "what the rows are",
   .choices = "products|prices|orders|rates",
   .required = true},
  {.name = "format",
   .type = query_type::choice,
   .summary = "csv or ndjson; without it the first character decides",
   .choices = "csv|ndjson"},
  {.name = "map",
   .summary = "shopify, or ours=theirs pairs of columns, separated by semicolons",
   .min = 1,
   .max = 4000},
  {.name = "name", .summary = "the file's name, for the report", .min = 1, .max = 200},
  {.name = "dry_run", .type = query_type::flag, .summary = "checks and counts, changes nothing"},
};

} // namespace

std::span<const route> import_routes() noexcept {
  static constexpr route table[]{
    {.method = http_method::post,
     .pattern = "/api/v1/products/import",
     .summary = "imports CSV or NDJSON, all rows or none",
     .handle = import,
     .body = body_kind::upload,
     .who = access::operators,
     .query = fields,
     .reply = "ImportReport"},
  };
  return table;
}

} // namespace flipsync
