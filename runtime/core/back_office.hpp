#pragma once
/// What doors offer beside turns: stored conversations, the roster, the catalogue, imports, caches,
/// providers and figures. Part of the facade; no CAF, no socket, no SQL.

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/core/ports/importer.hpp"
#include "runtime/core/ports/reloader.hpp"
#include "runtime/core/ports/store.hpp"
#include "runtime/core/types/agent_status.hpp"
#include "runtime/core/types/budget_view.hpp"
#include "runtime/core/types/conversation_page.hpp"
#include "runtime/core/types/runtime_numbers.hpp"

namespace flipsync {

/// A file on its way into an import. From one thread.
class upload {
public:
  virtual ~upload() = default;
  /// Takes bytes. False: no more for now, until the import's `room` was called.
  virtual bool add(std::string_view bytes) = 0;
  /// That was all: the import runs now.
  virtual void finish() = 0;
  /// The sender is gone: nothing is changed, and neither `room` nor `done` is called any more. One
  /// that another thread is calling right now is waited for: not under a lock that they take.
  virtual void abandon() = 0;
};

/// For whom the catalogue is read. A shopper gets products for adults, by the shop's rules, only
/// once the age is confirmed.
struct catalogue_viewer {
  audience who = audience::any;
  bool age_confirmed = false;
};

/// All members are thread-safe and never block. `done` runs once, on a thread of the runtime or
/// before the call returns, within 10 s unless said otherwise (errc::deadline_exceeded), and must
/// not block.
class back_office {
public:
  template <class T>
  using callback = std::function<void(result<T>)>;

  virtual ~back_office() = default;

  // Conversations. Errors: store_failed; not_found for one that is not there.

  /// The tenant's conversations begun before the one that `before` names (0: the newest first).
  virtual void conversations(std::string tenant, std::uint64_t before, std::uint32_t limit,
                             callback<conversation_page> done) = 0;
  /// Keeps an empty conversation under a new id.
  virtual void begin_conversation(std::string tenant, conversation_summary wanted,
                                  callback<conversation_summary> done) = 0;
  /// A conversation's messages with numbers above `after`. A shopper sees only those of shoppers.
  virtual void messages(std::string tenant, std::string id, audience who, std::uint64_t after,
                        std::uint32_t limit, callback<message_page> done) = 0;
  /// Ends the turns that run in it, forgets what is live of it, and deletes it.
  virtual void remove_conversation(std::string tenant, std::string id, callback<void> done) = 0;

  // Agents.

  /// A paused agent refuses its turns with errc::agent_down until it is resumed. Errors: not_found.
  virtual result<agent_status> pause_agent(std::string_view name, bool paused) = 0;

  // The catalogue. For a shopper no cost is read. Errors: store_failed, not_found.

  virtual void search_products(catalogue_viewer viewer, product_search wanted,
                               callback<product_search_rows> done) = 0;
  virtual void product_of(catalogue_viewer viewer, std::string sku, callback<product> done) = 0;
  /// Begins an import on a thread of its own. `room` is called there when bytes are wanted again,
  /// `done` at the end, whenever that is; from `done` on the next one can begin. Errors:
  /// invalid_request, overloaded (another one runs), not_found (no store).
  virtual result<std::shared_ptr<upload>> import(import_request wanted, std::function<void()> room,
                                                 callback<import_outcome> done) = 0;

  /// Has the configuration read anew. Errors: as reloader_port; not_found (nobody can).
  virtual void reload(callback<reload_report> done) = 0;

  // State and figures.

  [[nodiscard]] virtual std::vector<cache_view> caches() const = 0;
  /// Forgets what is kept of that provider's answers and of that class ("reads" and "turns" are
  /// classes too); empty: of any. Whole turns go with the answers that are in them. Returns how
  /// many entries went. Errors: not_found (no such class, no such provider).
  virtual result<std::uint64_t> clear_cache(std::string_view provider, std::string_view name) = 0;
  /// `check`: asks each provider's server whether it is there; `models`: which models it has. Each
  /// within 2 s; never calls a model.
  virtual void providers(bool check, bool models, callback<std::vector<provider_view>> done) = 0;
  [[nodiscard]] virtual runtime_numbers numbers() const = 0;
  /// What model calls have cost today and what is left; `tenant`: only its own, nullopt: all.
  [[nodiscard]] virtual budget_view budget(const std::optional<std::string>& tenant) const = 0;
};

} // namespace flipsync
