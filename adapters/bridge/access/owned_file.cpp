#include "adapters/bridge/access/owned_file.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace flipsync {

namespace {

namespace fs = std::filesystem;

class descriptor {
public:
  explicit descriptor(int fd) : fd_{fd} {}
  ~descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return fd_; }
  [[nodiscard]] bool open() const noexcept { return fd_ >= 0; }

private:
  int fd_;
};

error unreadable(const fs::path& file, const std::string& why) {
  return error{errc::invalid_request, file.string() + ": " + why}.with("field", file.string());
}

error unwritable(const fs::path& file) {
  return error{errc::store_failed, "cannot write " + file.string() + ": " + std::strerror(errno)};
}

result<std::string> read_all(const descriptor& in, const fs::path& file) {
  struct stat about {};
  if (::fstat(in.get(), &about) != 0)
    return unreadable(file, std::strerror(errno));
  if (!S_ISREG(about.st_mode))
    return unreadable(file, "this is no file");
  if ((about.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    return unreadable(file, "others than its owner may write it, and so give themselves access; "
                            "say chmod go-w");
  std::string text(max_owned_file + 1, '\0');
  std::size_t have = 0;
  while (have < text.size()) {
    const auto got = ::read(in.get(), text.data() + have, text.size() - have);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return unreadable(file, std::strerror(errno));
    if (got == 0)
      break;
    have += static_cast<std::size_t>(got);
  }
  if (have > max_owned_file)
    return unreadable(file, "it is larger than 4 MiB");
  text.resize(have);
  return text;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR)
      continue;
    if (put <= 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return true;
}

/// The new file belongs to whom the old one did, as far as we may: a service that runs under a user
/// of its own can go on reading what root has edited.
void keep_owner(const fs::path& file, const descriptor& fresh) {
  struct stat about {};
  if (::stat(file.c_str(), &about) == 0 && ::fchown(fresh.get(), about.st_uid, about.st_gid) != 0)
    errno = 0;
}

result<void> replace(const fs::path& file, std::string_view text, const descriptor& folder) {
  const auto fresh = file.string() + ".new";
  {
    const descriptor out{::open(
      fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
    if (!out.open() || ::fchmod(out.get(), S_IRUSR | S_IWUSR) != 0)
      return unwritable(file);
    keep_owner(file, out);
    if (!write_all(out.get(), text) || ::fsync(out.get()) != 0)
      return unwritable(file);
  }
  if (::rename(fresh.c_str(), file.c_str()) != 0 || ::fsync(folder.get()) != 0)
    return unwritable(file);
  return {};
}

} // namespace

result<std::string> read_owned_file(const fs::path& file) {
  const descriptor in{::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
  if (!in.open())
    return unreadable(file, std::strerror(errno));
  return read_all(in, file);
}

result<void> edit_owned_file(const fs::path& named,
                             const std::function<result<std::string>(const std::string&)>& edit) {
  std::error_code why;
  // A link is followed, so that what it points to is replaced and not the link.
  const auto file = fs::weakly_canonical(named, why);
  if (why)
    return unreadable(named, why.message());
  // The file itself is replaced, so the lock is on its folder.
  const descriptor folder{::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!folder.open() || ::flock(folder.get(), LOCK_EX) != 0)
    return unwritable(file);
  std::string before;
  if (fs::exists(file, why)) {
    auto text = read_owned_file(file);
    if (!text)
      return text.error();
    before = *std::move(text);
  }
  const auto after = edit(before);
  if (!after)
    return after.error();
  return replace(file, *after, folder);
}

} // namespace flipsync
