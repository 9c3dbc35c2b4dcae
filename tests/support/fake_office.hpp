#pragma once
/// A back office for tests of doors: answers at once with what the test put in. Header-only.

#include <map>
#include <string>
#include <utility>

#include "runtime/core/back_office.hpp"

namespace flipsync::testing {

class fake_office final : public back_office {
public:
  /// What the last call was asked for, in words.
  std::string asked;

  result<conversation_page> page = conversation_page{};
  result<message_page> thread = message_page{};
  result<void> removal;
  std::map<std::string, bool, std::less<>> paused{{"market", false}};
  result<product_search_rows> found = product_search_rows{};
  result<product> item = product{};
  std::vector<provider_view> views;
  result<import_outcome> imported = import_outcome{};
  result<reload_report> reloaded = reload_report{{"costs.per_day"}, {"server.listen"}, {"a.toml"}};
  /// Bytes that the last import took in.
  std::string taken;
  bool abandoned = false;

  void conversations(std::string tenant, std::uint64_t before, std::uint32_t limit,
                     callback<conversation_page> done) override {
    asked = tenant + " before " + std::to_string(before) + " limit " + std::to_string(limit);
    done(page);
  }
  void begin_conversation(std::string, conversation_summary wanted,
                          callback<conversation_summary> done) override {
    wanted.id = "conv_fresh";
    done(std::move(wanted));
  }
  void messages(std::string, std::string id, audience who, std::uint64_t after, std::uint32_t limit,
                callback<message_page> done) override {
    asked = id + " for " + std::string{to_string(who)} + " after " + std::to_string(after)
            + " limit " + std::to_string(limit);
    done(thread);
  }
  void remove_conversation(std::string, std::string id, callback<void> done) override {
    asked = id;
    done(removal);
  }
  result<agent_status> pause_agent(std::string_view name, bool stop) override {
    const auto known = paused.find(name);
    if (known == paused.end())
      return error{errc::not_found, "there is no agent of this name"}.with("field", "name");
    known->second = stop;
    agent_status status;
    status.name = name;
    status.state = stop ? "paused" : "up";
    return status;
  }
  void search_products(catalogue_viewer viewer, product_search wanted,
                       callback<product_search_rows> done) override {
    asked = wanted.text + " for " + std::string{to_string(viewer.who)}
            + (viewer.age_confirmed ? " of age" : "") + " from "
            + std::to_string(wanted.min_price.value_or(money{}).cents)
            + (wanted.max_price ? " to " + std::to_string(wanted.max_price->cents) : "")
            + " offset " + std::to_string(wanted.offset) + " limit " + std::to_string(wanted.limit);
    done(found);
  }
  void product_of(catalogue_viewer viewer, std::string sku, callback<product> done) override {
    asked = sku + (viewer.age_confirmed ? " of age" : "");
    done(item);
  }
  result<std::shared_ptr<upload>> import(import_request wanted, std::function<void()>,
                                         callback<import_outcome> done) override {
    asked = wanted.kind + " " + wanted.format + (wanted.dry_run ? " dry" : "");
    if (wanted.kind == "rates")
      return error{errc::overloaded, "another import is running"};
    return std::shared_ptr<upload>{std::make_shared<fake_upload>(*this, std::move(done))};
  }
  void reload(callback<reload_report> done) override { done(reloaded); }
  [[nodiscard]] std::vector<cache_view> caches() const override {
    return {{"reads", 3, 1, 2, 100, 1000}};
  }
  result<std::uint64_t> clear_cache(std::string_view, std::string_view name) override {
    if (!name.empty() && name != "reads")
      return error{errc::not_found, "there is no cache of this class"}.with("field", "class");
    return std::uint64_t{2};
  }
  void providers(bool check, bool models, callback<std::vector<provider_view>> done) override {
    asked = std::string{check ? "check " : ""} + (models ? "models" : "");
    done(views);
  }
  [[nodiscard]] budget_view budget(const std::optional<std::string>& tenant) const override {
    budget_view out;
    out.per_request = {100'000'000};
    if (!tenant)
      out.lines.push_back({"day", {}, {10'000'000'000}, {2'500'000'000}, {500'000'000}});
    out.lines.push_back({"tenant", tenant.value_or("default"), {}, {1}, {}});
    out.rows.push_back({{}, "default", "openai", "gpt-4o", 2, 1, 30, 20, {1'000}, {500}});
    return out;
  }
  [[nodiscard]] runtime_numbers numbers() const override {
    runtime_numbers out;
    out.active_users = 7;
    return out;
  }

private:
  class fake_upload final : public upload {
  public:
    fake_upload(fake_office& office, callback<import_outcome> done)
      : office_{office},
        done_{std::move(done)} {}
    bool add(std::string_view bytes) override {
      office_.taken += bytes;
      return true;
    }
    void finish() override { done_(office_.imported); }
    void abandon() override { office_.abandoned = true; }

  private:
    fake_office& office_;
    callback<import_outcome> done_;
  };
};

} // namespace flipsync::testing
