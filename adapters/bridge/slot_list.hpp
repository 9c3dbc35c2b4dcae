#pragma once
/// Keeps shared things in no order, each knowing its place, so that one is removed in one step.

#include <cstddef>
#include <memory>
#include <vector>

namespace flipsync {

/// `T` has a public `std::size_t slot` that only this list uses. One thread.
template <class T>
class slot_list {
public:
  void add(std::shared_ptr<T> fresh) {
    fresh->slot = items_.size();
    items_.push_back(std::move(fresh));
  }
  /// The caller keeps it alive; the last one takes its place.
  void remove(T& gone) {
    const auto slot = gone.slot;
    items_[slot].swap(items_.back());
    items_[slot]->slot = slot;
    items_.pop_back();
  }
  /// Each one may remove itself while it is called.
  template <class F>
  void each(F&& call) {
    for (std::size_t i = items_.size(); i-- > 0;)
      if (i < items_.size()) {
        const auto kept = items_[i];
        call(*kept);
      }
  }
  [[nodiscard]] bool empty() const noexcept { return items_.empty(); }
  [[nodiscard]] std::size_t size() const noexcept { return items_.size(); }

private:
  std::vector<std::shared_ptr<T>> items_;
};

} // namespace flipsync
