#include "adapters/store/version_mirror.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <system_error>
#include <utility>

namespace flipsync {

static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free);

namespace {

[[noreturn]] void fail(const std::filesystem::path& file) {
  throw std::system_error{errno, std::generic_category(), file.string()};
}

} // namespace

version_mirror::version_mirror(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    fail(file);
  void* mapped = MAP_FAILED;
  // Growing to the size it already has changes nothing, so processes may race here.
  if (::ftruncate(fd, sizeof(std::uint64_t)) == 0)
    mapped = ::mmap(nullptr, sizeof(std::uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  const int why = errno;
  ::close(fd);
  errno = why;
  if (mapped == MAP_FAILED)
    fail(file);
  word_ = static_cast<std::uint64_t*>(mapped);
}

version_mirror::version_mirror(version_mirror&& other) noexcept
  : word_{std::exchange(other.word_, nullptr)} {}

version_mirror& version_mirror::operator=(version_mirror&& other) noexcept {
  std::swap(word_, other.word_);
  return *this;
}

version_mirror::~version_mirror() {
  if (word_)
    ::munmap(word_, sizeof(std::uint64_t));
}

std::uint64_t version_mirror::load() const noexcept {
  return word_ ? std::atomic_ref{*word_}.load(std::memory_order_acquire) : 0;
}

void version_mirror::raise_to(std::uint64_t version) noexcept {
  if (!word_)
    return;
  std::atomic_ref word{*word_};
  auto seen = word.load(std::memory_order_relaxed);
  while (seen < version && !word.compare_exchange_weak(seen, version, std::memory_order_acq_rel))
    ;
}

} // namespace flipsync
