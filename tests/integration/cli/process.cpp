#include "tests/integration/cli/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace flipsync::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (auto& text : texts)
    out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment_block(const process::variables& env) {
  std::vector<std::string> out{"PATH=/usr/bin:/bin"};
  // What sanitizers are told is for the program under test too.
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_LIBRARY_PATH"})
    if (const char* value = std::getenv(name))
      out.push_back(std::string{name} + "=" + value);
  for (const auto& [name, value] : env)
    out.push_back(name + "=" + value);
  return out;
}

/// A file without a name that holds `input`, so that no pipe can fill up.
int input_file(const std::string& input) {
  FILE* file = std::tmpfile();
  if (!file)
    throw std::runtime_error{"no temporary file"};
  std::fwrite(input.data(), 1, input.size(), file);
  std::rewind(file);
  const int fd = dup(fileno(file));
  std::fclose(file);
  lseek(fd, 0, SEEK_SET);
  return fd;
}

} // namespace

process::process(const std::vector<std::string>& arguments, const variables& env,
                 const std::string& input) {
  auto texts = arguments;
  texts.insert(texts.begin(), FLIPSYNC_PROGRAM);
  auto block = environment_block(env);
  char pattern[] = "/tmp/flipsync-cli-XXXXXX";
  const int err = mkstemp(pattern);
  err_path_ = pattern;
  const int in = input_file(input);
  int out[2];
  if (pipe2(out, O_CLOEXEC) != 0)
    throw std::runtime_error{"no pipe"};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, err, STDERR_FILENO);
  const int failed = posix_spawn(&pid_, FLIPSYNC_PROGRAM, &actions, nullptr, pointers(texts).data(),
                                 pointers(block).data());
  posix_spawn_file_actions_destroy(&actions);
  for (const int fd : {in, err, out[1]})
    close(fd);
  out_ = out[0];
  if (failed != 0)
    throw std::runtime_error{"cannot start " FLIPSYNC_PROGRAM};
}

process::~process() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close_output();
  unlink(err_path_.c_str());
}

std::optional<std::string> process::read_line() {
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      auto line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    pollfd wait{out_, POLLIN, 0};
    char chunk[4096];
    if (poll(&wait, 1, 30'000) != 1)
      return std::nullopt;
    const auto n = read(out_, chunk, sizeof chunk);
    if (n <= 0)
      return std::nullopt;
    buffer_.append(chunk, static_cast<std::size_t>(n));
  }
}

void process::close_output() {
  if (out_ >= 0)
    close(out_);
  out_ = -1;
}

void process::signal(int number) const { kill(pid_, number); }

finished process::wait() {
  finished result;
  result.out = std::move(buffer_);
  char chunk[4096];
  ssize_t n = 0;
  while (out_ >= 0 && (n = read(out_, chunk, sizeof chunk)) > 0)
    result.out.append(chunk, static_cast<std::size_t>(n));
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  result.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  std::ifstream err{err_path_, std::ios::binary};
  result.err.assign(std::istreambuf_iterator<char>{err}, {});
  return result;
}

finished run(const std::vector<std::string>& arguments, const process::variables& env,
             const std::string& input) {
  return process{arguments, env, input}.wait();
}

} // namespace flipsync::test
