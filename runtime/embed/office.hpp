#pragma once
/// The back office of a running engine: asks the store's actor, the supervisor and the environment.

#include <memory>

#include "runtime/core/back_office.hpp"
#include "runtime/core/services.hpp"
#include "runtime/core/turn_statistics.hpp"
#include "runtime/embed/awaited.hpp"
#include "runtime/embed/conversation_sweeper.hpp"
#include "runtime/embed/import_runner.hpp"

namespace flipsync {

/// What the office needs of its engine, which outlives it.
class office_host {
public:
  virtual ~office_host() = default;
  /// Null once it is stopping.
  [[nodiscard]] virtual supervisor_actor supervisor_at_hand() const = 0;
  [[nodiscard]] virtual std::uint64_t turns_in_flight() const = 0;
  [[nodiscard]] virtual mono_time started_at() const = 0;
};

/// The roster's line of one agent.
agent_status status_of(const environment& env, std::size_t index, bool up);

class office final : public back_office {
public:
  office(office_host& host, std::shared_ptr<const environment> env,
         std::shared_ptr<services_board> board, std::shared_ptr<turn_statistics> statistics,
         std::shared_ptr<importer_port> importer, std::shared_ptr<reloader_port> reloader);
  ~office() override;

  void conversations(std::string tenant, std::uint64_t before, std::uint32_t limit,
                     callback<conversation_page> done) override;
  void begin_conversation(std::string tenant, conversation_summary wanted,
                          callback<conversation_summary> done) override;
  void messages(std::string tenant, std::string id, audience who, std::uint64_t after,
                std::uint32_t limit, callback<message_page> done) override;
  void remove_conversation(std::string tenant, std::string id, callback<void> done) override;

  result<agent_status> pause_agent(std::string_view name, bool paused) override;

  void search_products(catalogue_viewer viewer, product_search wanted,
                       callback<product_search_rows> done) override;
  void product_of(catalogue_viewer viewer, std::string sku, callback<product> done) override;
  result<std::shared_ptr<upload>> import(import_request wanted, std::function<void()> room,
                                         callback<import_outcome> done) override;

  void reload(callback<reload_report> done) override;

  [[nodiscard]] std::vector<cache_view> caches() const override;
  result<std::uint64_t> clear_cache(std::string_view provider, std::string_view name) override;
  void providers(bool check, bool models, callback<std::vector<provider_view>> done) override;
  [[nodiscard]] runtime_numbers numbers() const override;
  [[nodiscard]] budget_view budget(const std::optional<std::string>& tenant) const override {
    return env_->ledger->show(tenant);
  }

  /// Begins to look for conversations that were silent too long; goes on by itself.
  void start_sweeping() { sweeper_->start(); }
  /// Stops what runs of imports and waits for it.
  void stop();

private:
  template <class T>
  std::shared_ptr<awaited<T>> await(callback<T> done) const;
  /// Runs `work` on the store's thread; `asked` is answered if it cannot.
  template <class T>
  void ask_store(const std::shared_ptr<awaited<T>>& asked,
                 std::function<void(store_port&, awaited<T>&)> work) const;
  /// The same for what needs the archive.
  template <class T>
  void ask_archive(const std::shared_ptr<awaited<T>>& asked,
                   std::function<result<T>(conversation_archive&)> work) const;
  /// What the catalogue keeps from that viewer, by the rules of now.
  [[nodiscard]] age_gate gate_for(const catalogue_viewer& viewer) const;
  [[nodiscard]] static std::vector<provider_view> show_providers(const environment& env,
                                                                 const services* now);

  office_host& host_;
  std::shared_ptr<const environment> env_;
  std::shared_ptr<services_board> board_;
  std::shared_ptr<turn_statistics> statistics_;
  std::shared_ptr<conversation_sweeper> sweeper_;
  std::shared_ptr<reloader_port> reloader_; ///< null where nobody reads it anew
  std::shared_ptr<import_runner> imports_;  ///< null where nothing can be imported
};

} // namespace flipsync
