#pragma once
/// A store that keeps everything in memory and fails when a test says so.

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/core/ports/store.hpp"

namespace flipsync::test {

class memory_store : public store_port, public conversation_archive, public spending_book {
public:
  std::vector<product> products;
  std::function<void()> on_read;     ///< runs within each read and survey
  std::function<void()> on_survey;   ///< runs within each survey
  std::function<void()> on_append;   ///< runs within each append
  std::function<void()> on_sweep;    ///< runs within each remove_silent
  std::atomic<bool> broken = false;  ///< every call fails
  std::atomic<bool> at_once = false; ///< append_now keeps turns
  std::atomic<std::uint64_t> version = 1;

  result<read_result> read(const read_batch& batch) override;
  result<read_result> survey(const read_batch& batch) override;
  result<void> append(const std::vector<std::shared_ptr<const stored_turn>>& turns) override;
  bool append_now(const std::shared_ptr<const stored_turn>& turn) noexcept override;
  result<conversation_history> history(const std::string& tenant,
                                       const std::string& conversation_id,
                                       std::uint32_t limit) override;
  result<std::shared_ptr<const vocabulary>> load_vocabulary() override;
  [[nodiscard]] std::uint64_t catalogue_version() const noexcept override { return version.load(); }

  [[nodiscard]] conversation_archive* archive() noexcept override { return this; }
  result<conversation_page> conversations(const std::string& tenant, std::uint64_t before,
                                          std::uint32_t limit) override;
  result<std::optional<message_page>> messages(const std::string& tenant, const std::string& id,
                                               std::uint64_t after, std::uint32_t limit,
                                               const std::vector<std::string>* agents) override;
  result<void> begin(const std::string&, const conversation_summary&) override { return {}; }
  result<bool> remove(const std::string& tenant, const std::string& id) override;
  result<sweep> remove_silent(wall_time before, std::uint64_t from, std::uint32_t limit) override;

  [[nodiscard]] spending_book* spending() noexcept override { return this; }
  void follow(std::shared_ptr<spending_source> from) override { source_ = std::move(from); }
  result<void> keep() override;
  result<std::vector<spending_row>> of_day(day_point day) override;
  /// What was kept, one by one.
  [[nodiscard]] std::vector<spending_row> spent() const;
  /// Times that it was kept without a turn.
  [[nodiscard]] std::size_t keeps() const noexcept { return keeps_.load(); }

  [[nodiscard]] std::vector<stored_turn> turns() const;
  [[nodiscard]] std::size_t reads() const;
  [[nodiscard]] std::size_t commits() const;
  [[nodiscard]] std::size_t commits_at_once() const noexcept { return commits_at_once_.load(); }
  /// Times that a conversation was looked for.
  [[nodiscard]] std::size_t recalls() const noexcept { return recalls_.load(); }
  [[nodiscard]] std::vector<read_batch> batches() const;

private:
  mutable std::mutex mutex_;
  std::vector<stored_turn> turns_;
  std::vector<read_batch> batches_;
  void keep_spending_locked();
  std::shared_ptr<spending_source> source_;
  std::vector<spending_row> spending_;
  std::atomic<std::size_t> keeps_ = 0;
  std::size_t commits_ = 0;
  std::atomic<std::size_t> commits_at_once_ = 0;
  std::atomic<std::size_t> recalls_ = 0;
};

} // namespace flipsync::test
