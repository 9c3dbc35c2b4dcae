#pragma once
/// The store over SQLite: catalogue, rivals, orders and rates in `catalogue.db`, conversations in
/// `conversations.db`, so that a long import never holds up the commit of a turn.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "runtime/core/ports/store.hpp"

namespace flipsync {

struct store_options {
  /// Created (mode 0700) where it does not exist.
  std::filesystem::path data_dir;
  /// False: WAL with synchronous NORMAL, a commit survives kill -9. True: FULL, it survives a power
  /// cut.
  bool synchronous_full = false;
  /// How long a writer waits for another process's transaction before store_failed.
  std::chrono::milliseconds busy_timeout{10000};
  /// Whose name the shop has in the file. Tenants share it: this tells none of them apart.
  std::string tenant = "default";
  /// For products without `lead_time_days` in the low-stock question (shop_rules says the same).
  double default_lead_time_days = 7;
};

/// How much the shop holds, and how many conversations a tenant.
struct store_counts {
  std::uint64_t products = 0;
  std::uint64_t rival_prices = 0; ///< observations, the latest included
  std::uint64_t orders = 0;       ///< order lines
  std::uint64_t rates = 0;
  std::uint64_t conversations = 0;
  friend bool operator==(const store_counts&, const store_counts&) = default;
};

/// store_port over SQLite. Threads as there; what is no part of the port is for one alone.
/// Several may be open on one data folder, in this or another process (the service and an
/// importer).
class sqlite_store final : public store_port, private conversation_archive, private spending_book {
public:
  ~sqlite_store() override;
  sqlite_store(const sqlite_store&) = delete;
  sqlite_store& operator=(const sqlite_store&) = delete;

  result<read_result> read(const read_batch& batch) override;
  result<read_result> survey(const read_batch& batch) override;
  result<void> append(const std::vector<std::shared_ptr<const stored_turn>>& turns) override;
  [[nodiscard]] bool append_now(const std::shared_ptr<const stored_turn>& turn) noexcept override;
  result<conversation_history> history(const std::string& tenant,
                                       const std::string& conversation_id,
                                       std::uint32_t limit) override;
  result<std::shared_ptr<const vocabulary>> load_vocabulary() override;
  [[nodiscard]] std::uint64_t catalogue_version() const noexcept override;

  /// Errors: store_failed.
  result<store_counts> counts(const std::string& tenant = "default");
  [[nodiscard]] conversation_archive* archive() noexcept override { return this; }
  [[nodiscard]] spending_book* spending() noexcept override { return this; }

  /// The parts that the importer shares; defined in store_state.hpp.
  struct state;
  [[nodiscard]] state& internals() noexcept { return *state_; }

private:
  friend result<std::shared_ptr<sqlite_store>> open_store(store_options options);
  explicit sqlite_store(std::unique_ptr<state> s);

  result<conversation_page> conversations(const std::string& tenant, std::uint64_t before,
                                          std::uint32_t limit) override;
  result<std::optional<message_page>> messages(const std::string& tenant, const std::string& id,
                                               std::uint64_t after, std::uint32_t limit,
                                               const std::vector<std::string>* agents) override;
  result<void> begin(const std::string& tenant, const conversation_summary& fresh) override;
  result<bool> remove(const std::string& tenant, const std::string& id) override;
  result<sweep> remove_silent(wall_time before, std::uint64_t from, std::uint32_t limit) override;

  void follow(std::shared_ptr<spending_source> from) override;
  result<void> keep() override;
  result<std::vector<spending_row>> of_day(day_point day) override;

  std::unique_ptr<state> state_;
};

/// Opens or creates the store and brings its schema up to date, in one transaction per file.
/// Errors: store_failed (folder not writable, no database, disk full); conflict (made by a newer
/// program).
result<std::shared_ptr<sqlite_store>> open_store(store_options options);

/// Holds a data folder for one service. The kernel releases it when the process ends, however it
/// ends.
class data_dir_lock {
public:
  data_dir_lock() = default;
  data_dir_lock(data_dir_lock&& other) noexcept;
  data_dir_lock& operator=(data_dir_lock&& other) noexcept;
  ~data_dir_lock();
  [[nodiscard]] bool held() const noexcept { return fd_ >= 0; }

private:
  friend result<data_dir_lock> lock_data_dir(const std::filesystem::path& data_dir);
  explicit data_dir_lock(int fd) noexcept : fd_{fd} {}
  int fd_ = -1;
};

/// For `serve` (never for `import`). Creates the folder where it does not exist. Errors: conflict
/// (another service runs on it; `details["pid"]` names it), store_failed (not writable).
result<data_dir_lock> lock_data_dir(const std::filesystem::path& data_dir);

} // namespace flipsync
