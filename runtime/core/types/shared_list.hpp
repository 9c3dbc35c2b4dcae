#pragma once
/// A list that is handed on often and changed rarely.

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace flipsync {

/// A vector whose copies share its items until one of them is changed, which then has its own: to
/// copy it costs the same whatever it holds. Where many items are added one after another, make a
/// vector first. As thread-safe as a vector.
template <class T>
class shared_list {
public:
  using value_type = T;
  using const_iterator = typename std::vector<T>::const_iterator;

  shared_list() = default;
  shared_list(std::initializer_list<T> items) : shared_list{std::vector<T>(items)} {}
  shared_list(std::vector<T> items)
    : items_{std::make_shared<const std::vector<T>>(std::move(items))} {}
  /// The items of something larger, which lives as long as they do.
  explicit shared_list(std::shared_ptr<const std::vector<T>> items) : items_{std::move(items)} {}

  [[nodiscard]] const std::vector<T>& items() const noexcept {
    static const std::vector<T> none;
    return items_ ? *items_ : none;
  }
  [[nodiscard]] const_iterator begin() const noexcept { return items().begin(); }
  [[nodiscard]] const_iterator end() const noexcept { return items().end(); }
  [[nodiscard]] std::size_t size() const noexcept { return items().size(); }
  [[nodiscard]] bool empty() const noexcept { return items().empty(); }
  /// Not of an empty list.
  [[nodiscard]] const T& front() const noexcept { return items().front(); }
  [[nodiscard]] const T& back() const noexcept { return items().back(); }
  /// `at`: 0 to size() - 1.
  [[nodiscard]] const T& operator[](std::size_t at) const noexcept { return items()[at]; }

  void push_back(T item) { own()->push_back(std::move(item)); }
  /// An item to be changed, before the list is copied again. `at`: 0 to size() - 1.
  [[nodiscard]] T& edit(std::size_t at) { return (*own())[at]; }
  void clear() noexcept { items_.reset(); }

  friend bool operator==(const shared_list& a, const shared_list& b) {
    return a.items() == b.items();
  }

private:
  std::shared_ptr<std::vector<T>> own() {
    auto mine = std::make_shared<std::vector<T>>(items());
    items_ = mine;
    return mine;
  }

  std::shared_ptr<const std::vector<T>> items_; ///< null: none
};

} // namespace flipsync
