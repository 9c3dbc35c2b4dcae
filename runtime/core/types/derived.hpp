#pragma once
/// A place beside a value for what was computed from it, so that many readers compute it once.

#include <atomic>
#include <utility>

namespace flipsync {

/// Keeps at most one object of each type that was asked for, as long as the value it lies in.
/// Nothing in it may outlive a change of that value, so a copy begins empty, and values whose
/// place has been used are held as const. Asking is thread-safe; two that ask first both compute,
/// and one result stays.
class derived {
public:
  derived() = default;
  derived(const derived&) noexcept {}
  derived(derived&& from) noexcept { from.drop(); }
  derived& operator=(const derived&) noexcept {
    drop();
    return *this;
  }
  derived& operator=(derived&& from) noexcept {
    drop();
    from.drop();
    return *this;
  }
  ~derived() { drop(); }

  /// The `T` that is kept here, made by `make()` where there is none. `make` must give the same
  /// whenever it is called for this value; what it throws passes through and nothing is kept.
  template <class T, class Make>
  const T& get(Make&& make) const {
    if (const auto* known = find<T>(first_.load(std::memory_order_acquire)))
      return known->made;
    auto* mine = new holder<T>(std::forward<Make>(make)());
    mine->next = first_.load(std::memory_order_acquire);
    do {
      if (const auto* other = find<T>(mine->next)) {
        delete mine;
        return other->made;
      }
    } while (!first_.compare_exchange_weak(mine->next, mine, std::memory_order_acq_rel));
    return mine->made;
  }

  /// Says nothing of the value.
  friend bool operator==(const derived&, const derived&) noexcept { return true; }

private:
  struct node {
    explicit node(const void* t) : type{t} {}
    node(const node&) = delete;
    node& operator=(const node&) = delete;
    virtual ~node() = default;
    const void* type;
    node* next = nullptr;
  };
  template <class T>
  static inline const char type_of = 0;
  template <class T>
  struct holder final : node {
    explicit holder(T&& value) : node{&type_of<T>}, made(std::move(value)) {}
    const T made;
  };

  template <class T>
  static const holder<T>* find(const node* from) noexcept {
    for (; from != nullptr; from = from->next)
      if (from->type == &type_of<T>)
        return static_cast<const holder<T>*>(from);
    return nullptr;
  }

  void drop() noexcept {
    for (auto* each = first_.exchange(nullptr, std::memory_order_acq_rel); each != nullptr;)
      delete std::exchange(each, each->next);
  }

  mutable std::atomic<node*> first_{nullptr};
};

} // namespace flipsync
