#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "adapters/store/sqlite_store.hpp"

namespace flipsync {

namespace {

/// The process id that the holder wrote, or an empty string.
std::string holder_of(int fd) {
  char text[32] = {};
  const auto got = ::pread(fd, text, sizeof text - 1, 0);
  std::string pid;
  for (ssize_t i = 0; i < got && text[i] >= '0' && text[i] <= '9'; ++i)
    pid += text[i];
  return pid;
}

bool write_pid(int fd) {
  const auto pid = std::to_string(::getpid()) + "\n";
  return ::ftruncate(fd, 0) == 0
         && ::pwrite(fd, pid.data(), pid.size(), 0) == static_cast<ssize_t>(pid.size());
}

error cannot(std::string_view what, const std::filesystem::path& path, int why) {
  return error{errc::store_failed,
               "cannot " + std::string{what} + " " + path.string() + ": " + std::strerror(why)};
}

} // namespace

data_dir_lock::data_dir_lock(data_dir_lock&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}

data_dir_lock& data_dir_lock::operator=(data_dir_lock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

data_dir_lock::~data_dir_lock() {
  if (fd_ >= 0)
    ::close(fd_);
}

result<data_dir_lock> lock_data_dir(const std::filesystem::path& data_dir) {
  std::error_code why;
  if (std::filesystem::create_directories(data_dir, why))
    ::chmod(data_dir.c_str(), S_IRWXU);
  if (why)
    return cannot("create", data_dir, why.value());
  const auto file = data_dir / "service.lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return cannot("open", file, errno);
  data_dir_lock lock{fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return cannot("lock", file, errno);
    const auto pid = holder_of(fd);
    return error{errc::conflict, "another FlipSync service"
                                   + (pid.empty() ? std::string{} : " (process " + pid + ")")
                                   + " runs on the data folder " + data_dir.string()}
      .with("pid", pid);
  }
  if (!write_pid(fd))
    return cannot("write", file, errno);
  return lock;
}

} // namespace flipsync
