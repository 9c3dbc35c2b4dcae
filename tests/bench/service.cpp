#include "tests/bench/service.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace flipsync::bench {

namespace {

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  all.reserve(words.size() + 1);
  for (auto& word : words)
    all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

void silence(int descriptor) {
  const int null = open("/dev/null", O_WRONLY);
  dup2(null, descriptor);
  close(null);
}

} // namespace

service::service(const std::string& program, const std::string& data,
                 std::vector<std::string> arguments, std::vector<std::string> environment) {
  std::vector<std::string> command{program, "serve", "--listen", "127.0.0.1:0", "--data", data};
  command.insert(command.end(), arguments.begin(), arguments.end());
  auto argv = pointers(command);
  int pipe_ends[2];
  if (pipe(pipe_ends) != 0)
    throw std::runtime_error{"no pipe"};
  const auto began = std::chrono::steady_clock::now();
  pid_ = fork();
  if (pid_ == 0) {
    dup2(pipe_ends[1], STDOUT_FILENO);
    // stderr stays: it says why a start failed
    close(pipe_ends[0]);
    for (auto& setting : environment)
      putenv(setting.data());
    execv(argv[0], argv.data());
    _exit(127);
  }
  close(pipe_ends[1]);
  std::string line;
  char byte = 0;
  while (read(pipe_ends[0], &byte, 1) == 1 && byte != '\n')
    line += byte;
  start_time_ =
    std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began);
  close(pipe_ends[0]);
  const auto colon = line.find("127.0.0.1:");
  if (colon == std::string::npos)
    throw std::runtime_error{"the service did not start: '" + line + '\''};
  port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 10)));
}

service::~service() {
  kill(pid_, SIGTERM);
  int status = 0;
  waitpid(pid_, &status, 0);
}

double service::resident_mib() const {
  std::ifstream statm{"/proc/" + std::to_string(pid_) + "/statm"};
  long total = 0;
  long resident = 0;
  statm >> total >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)) / 1048576.0;
}

double service::cpu_seconds() const {
  std::ifstream stat{"/proc/" + std::to_string(pid_) + "/stat"};
  std::string text((std::istreambuf_iterator<char>(stat)), {});
  std::istringstream fields{text.substr(text.rfind(')') + 2)};
  std::string skipped;
  for (int i = 0; i < 11; ++i)
    fields >> skipped;
  double user = 0;
  double system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

int run_program(const std::vector<std::string>& command) {
  auto words = command;
  auto argv = pointers(words);
  const auto pid = fork();
  if (pid == 0) {
    silence(STDOUT_FILENO);
    execv(argv[0], argv.data());
    _exit(127);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

} // namespace flipsync::bench
