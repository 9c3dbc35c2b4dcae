#include "runtime/app/doctor/machine_checks.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timex.h>
#include <unistd.h>

#include <cerrno>
#include <memory>

#include "runtime/app/door_settings.hpp"

namespace flipsync::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::system_clock;

/// Less than this is soon full: a write-ahead log alone may take a few megabytes.
constexpr std::uintmax_t little_space = 256ULL * 1024 * 1024;
/// No earlier time is right, since this program is younger.
constexpr system_clock::time_point not_before{std::chrono::seconds{1'767'225'600}}; // 2026-01-01

finding good(std::string about, std::string detail) {
  return {verdict::ok, std::move(about), std::move(detail), {}};
}
finding bad(verdict how, std::string about, std::string detail, std::string advice) {
  return {how, std::move(about), std::move(detail), std::move(advice)};
}

/// The folder, or the nearest above it that is there.
fs::path nearest_existing(fs::path folder) {
  std::error_code ignored;
  for (folder = fs::absolute(folder, ignored); !fs::exists(folder, ignored);
       folder = folder.parent_path())
    if (folder == folder.parent_path())
      break;
  return folder;
}

finding check_folder(const fs::path& folder) {
  const auto about = std::string{"data folder"};
  const auto there = nearest_existing(folder);
  std::error_code why;
  if (!fs::is_directory(there, why))
    return bad(verdict::problem, about, there.string() + " is no folder",
               "name another by --data or store.data_dir");
  if (::access(there.c_str(), W_OK | X_OK) != 0)
    return bad(verdict::problem, about, there.string() + " cannot be written to",
               "give this user the right to, or name another by --data or store.data_dir");
  const auto space = fs::space(there, why);
  if (!why && space.available < little_space)
    return bad(verdict::warning, about,
               there.string() + " has only " + std::to_string(space.available / (1024 * 1024))
                 + " MiB left",
               "make room on that disk");
  return good(about, there == fs::absolute(folder, why)
                       ? folder.string()
                       : folder.string() + " is made when it is first needed");
}

finding check_databases(const result<store_findings>& found) {
  if (!found)
    return bad(verdict::problem, "store", found.error().message,
               found.error().code == errc::conflict
                 ? "use the newer FlipSync, or another data folder"
                 : "put back a copy of the data folder, or name another");
  if (!found->there)
    return bad(verdict::warning, "store", "there is no shop yet",
               "bring one in: flipsync import FILE --kind products");
  if (found->products == 0)
    return bad(verdict::warning, "store", "sound, but without a product",
               "bring some in: flipsync import FILE --kind products");
  return good("store", "sound, " + std::to_string(found->products) + " products");
}

/// Whether somebody takes connections there.
bool answers(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(reached_at(host).c_str(), std::to_string(port).c_str(), &hints, &found) != 0)
    return false;
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses{found, &::freeaddrinfo};
  const int socket = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return false;
  bool there = ::connect(socket, found->ai_addr, found->ai_addrlen) == 0;
  pollfd wait{socket, POLLOUT, 0};
  constexpr int patience_ms = 2000;
  if (!there && errno == EINPROGRESS && ::poll(&wait, 1, patience_ms) == 1) {
    int outcome = 0;
    socklen_t size = sizeof outcome;
    there = ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &outcome, &size) == 0 && outcome == 0;
  }
  ::close(socket);
  return there;
}

} // namespace

findings check_data(const fs::path& folder, const result<store_findings>& found,
                    const std::optional<std::string>& service) {
  findings out;
  out.push_back(check_folder(folder));
  out.push_back(check_databases(found));
  if (service)
    out.back().detail += "; the service of process " + *service + " runs on it";
  return out;
}

finding check_port(const bridge_settings& door, const std::optional<std::string>& service) {
  const auto where = door.host + ":" + std::to_string(door.port);
  if (!service) {
    const auto free = bridge::try_listen(door);
    if (free)
      return good("port", where + (door.port == 0 ? ", any that is free" : " is free"));
    return bad(verdict::problem, "port", free.error().message,
               free.error().code == errc::conflict
                 ? "stop what listens there, or choose another: --listen HOST:PORT"
                 : "see server.listen and access.keys_file (flipsync keys add)");
  }
  if (door.port == 0)
    return good("port", "the running service chose it itself");
  if (answers(door.host, door.port))
    return good("port", "the running service listens on " + where);
  return bad(verdict::warning, "port", "nothing listens on " + where + ", although a service runs",
             "it may have been started with other settings, or be about to end");
}

finding check_files(std::uint64_t wanted, std::uint64_t allowed) {
  const auto counts =
    std::to_string(allowed) + " may be open, the settings allow for " + std::to_string(wanted);
  if (allowed >= wanted)
    return good("open files", counts);
  return bad(verdict::warning, "open files", counts,
             "raise the hard limit (ulimit -Hn, LimitNOFILE=), or lower server.max_connections");
}

std::uint64_t allowed_files() noexcept {
  rlimit limit{};
  return ::getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_max : 0;
}

finding check_clock(system_clock::time_point now, std::optional<system_clock::time_point> written,
                    bool synchronised) {
  const std::string advice = "set the clock, and have it kept right (NTP)";
  if (now < not_before)
    return bad(verdict::problem, "clock", "it is set to a time before this program was made",
               advice);
  if (written && *written > now + std::chrono::minutes{1})
    return bad(verdict::problem, "clock", "the data was written later than it is now", advice);
  if (!synchronised)
    return bad(verdict::warning, "clock", "plausible, but the kernel does not know it to be right",
               "have it kept right (NTP)");
  return good("clock", "kept right");
}

bool clock_synchronised() noexcept {
  timex state{};
  return ::adjtimex(&state) != TIME_ERROR;
}

} // namespace flipsync::app
