#pragma once
/// Who may still spend how much on model calls. Every attempt reserves the most that it can cost,
/// and is settled with what it has cost; what is reserved counts against every limit, so that calls
/// side by side cannot overspend together.

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "runtime/core/model/cost_settings.hpp"
#include "runtime/core/model/turn_account.hpp"
#include "runtime/core/ports/clock.hpp"
#include "runtime/core/ports/spending_book.hpp"
#include "runtime/core/types/budget_view.hpp"

namespace flipsync {

/// Is told what happens to the money. Called outside of the ledger's lock, by whoever settles or
/// reserves, from any thread; must not block.
class cost_watcher {
public:
  virtual ~cost_watcher() = default;
  virtual void charged(std::string_view provider, std::string_view model, usd amount,
                       bool wasted) = 0;
  virtual void refused(std::string_view limit) = 0;
  /// A tenant's or the day's spending has reached so many percent of its limit: once per day, limit
  /// and tenant. 100 also when the limit has refused a call. `tenant` is empty for the day's.
  virtual void reached(std::string_view limit, std::string_view tenant, unsigned percent, usd spent,
                       usd of) = 0;
};

/// Thread-safe; never blocks on anything but its lock, which is held for well below a microsecond.
class cost_ledger : public spending_source, public std::enable_shared_from_this<cost_ledger> {
public:
  /// Conversations whose spending is remembered; beyond it the one unused longest is forgotten.
  static constexpr std::size_t max_conversations = 100'000;
  /// Distinct models of a day that are told apart; what comes after them is "other".
  static constexpr std::size_t max_rows = 10'000;

  struct spender {
    std::string tenant;
    std::string conversation; ///< empty: none
    std::shared_ptr<turn_account> turn;
    std::string provider;
    std::string model;
  };
  /// What an attempt came to.
  struct charge {
    usd amount;
    bool answered = false; ///< else the amount is wasted
    std::uint64_t tokens_in = 0;
    std::uint64_t tokens_out = 0;
  };
  class hold;

  cost_ledger(std::shared_ptr<clock_port> clock, cost_limits limits,
              std::shared_ptr<cost_watcher> watcher = nullptr);
  ~cost_ledger() override;
  cost_ledger(const cost_ledger&) = delete;
  cost_ledger& operator=(const cost_ledger&) = delete;

  /// Sets `most` aside. Errors: over_budget, with the details `limit`, `limit_usd`, `spent_usd`,
  /// `reserved_usd`, `needed_usd` and, where it is a day's, `resets_at`.
  result<std::shared_ptr<hold>> reserve(spender who, usd most);

  void set_limits(const cost_limits& limits);
  [[nodiscard]] cost_limits limits() const;

  /// Counts what the rows say as spent today, as if it had been settled here; for the start. Raises
  /// no alerts.
  void recall(const std::vector<spending_row>& rows);
  /// Called when there is something to keep after there was nothing; from whoever settles or gives
  /// back.
  void on_unsaved(std::function<void()> call);
  [[nodiscard]] bool has_unsaved() const;
  [[nodiscard]] std::vector<spending_row> take_unsaved() override;
  void give_back(const std::vector<spending_row>& rows) override;

  /// `tenant`: only its own; nullopt: all.
  [[nodiscard]] budget_view show(const std::optional<std::string>& tenant) const;
  /// Today's, of all.
  [[nodiscard]] day_point today() const;

private:
  /// 50, 80, 90 and 100 %.
  using marks = std::array<bool, 4>;
  struct account {
    usd spent; ///< today
    usd held;
    marks told{};
  };
  struct conversation_account {
    account money;
    std::list<std::string>::iterator used; ///< in `by_use_`
  };
  struct news {
    std::string_view limit;
    std::string tenant;
    unsigned percent = 0;
    usd spent;
    usd of;
  };
  using row_key = std::tuple<day_point, std::string, std::string, std::string>;

  void roll_locked();
  std::shared_ptr<conversation_account> conversation_locked(const spender& who);
  [[nodiscard]] error refusal_locked(std::string_view limit, usd of, usd spent, usd held,
                                     usd needed) const;
  void note_locked(account& of, std::string_view limit, const std::string& tenant, usd most,
                   bool refused, std::vector<news>& out) const;
  void mark_silently_locked(account& of, usd most) const;
  void add_row_locked(const hold& what, const charge& paid);
  void settle(hold& what, const charge& paid);
  void release(hold& what);
  void move(hold& what, std::string conversation, std::shared_ptr<turn_account> turn);
  void tell(const std::vector<news>& all) const;

  std::shared_ptr<clock_port> clock_;
  std::shared_ptr<cost_watcher> watcher_;
  mutable std::mutex mutex_;
  cost_limits limits_;
  day_point day_{};
  account all_;
  std::map<std::string, std::shared_ptr<account>, std::less<>> tenants_;
  std::map<std::string, std::shared_ptr<conversation_account>, std::less<>> conversations_;
  std::list<std::string> by_use_; ///< keys of `conversations_`, unused longest first
  std::map<row_key, spending_row> totals_;
  std::map<row_key, spending_row> unsaved_;
  std::function<void()> on_unsaved_;
};

/// Money set aside for one attempt. Settle it once; what is not settled goes back when the last
/// holder lets go. Thread-safe.
class cost_ledger::hold {
public:
  ~hold();
  hold(const hold&) = delete;
  hold& operator=(const hold&) = delete;

  /// Only the first call counts.
  void settle(const charge& paid);
  /// From now on another turn of the tenant pays, whatever its limits have left: the attempt is
  /// under way. No effect on what is settled.
  void move_to(std::string conversation, std::shared_ptr<turn_account> turn);
  [[nodiscard]] usd most() const noexcept { return most_; }

private:
  friend class cost_ledger;
  hold(std::shared_ptr<cost_ledger> ledger, spender who, usd most)
    : ledger_{std::move(ledger)},
      who_{std::move(who)},
      most_{most} {}

  std::shared_ptr<cost_ledger> ledger_;
  spender who_;
  usd most_;
  std::shared_ptr<account> tenant_;
  std::shared_ptr<conversation_account> conversation_;
  bool settled_ = false; ///< under the ledger's lock
};

} // namespace flipsync
