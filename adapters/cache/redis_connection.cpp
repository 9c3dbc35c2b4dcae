#include "adapters/cache/redis_connection.hpp"

#include <hiredis/hiredis.h>
#include <sys/socket.h>

#include <algorithm>

namespace flipsync {

namespace {

struct frees {
  void operator()(redisReply* reply) const { freeReplyObject(reply); }
};
using reply_ptr = std::unique_ptr<redisReply, frees>;

/// What is left until then; at least a millisecond, since zero would mean for ever.
timeval left_until(redis_connection::time_point until) {
  using namespace std::chrono;
  const auto left = std::max<microseconds>(duration_cast<microseconds>(until - steady_clock::now()),
                                           microseconds{1000});
  timeval out{};
  out.tv_sec = static_cast<decltype(out.tv_sec)>(left.count() / 1'000'000);
  out.tv_usec = static_cast<decltype(out.tv_usec)>(left.count() % 1'000'000);
  return out;
}

std::string text_of(const redisReply& reply) {
  return reply.str == nullptr ? std::string{} : std::string{reply.str, reply.len};
}

void collect(const redisReply& reply, std::vector<std::string>& into) {
  if (reply.type == REDIS_REPLY_STRING)
    into.push_back(text_of(reply));
  for (std::size_t i = 0; reply.type == REDIS_REPLY_ARRAY && i < reply.elements; ++i)
    collect(*reply.element[i], into);
}

} // namespace

void redis_connection::closes::operator()(redisContext* context) const { redisFree(context); }

redis_connection::~redis_connection() = default;

std::optional<redis_connection::answer>
redis_connection::ask(const std::vector<std::string>& command, time_point until) {
  if (!connect(until))
    return std::nullopt;
  auto got = exchange(command, until);
  if (!got) {
    const std::lock_guard lock{mutex_};
    context_.reset();
  }
  return got;
}

bool redis_connection::connect(time_point until) {
  if (context_)
    return true;
  std::unique_ptr<redisContext, closes> made{
    redisConnectWithTimeout(address_.host.c_str(), address_.port, left_until(until))};
  if (!made || made->err != 0)
    return false;
  {
    const std::lock_guard lock{mutex_};
    if (interrupted_)
      return false;
    context_ = std::move(made);
  }
  std::vector<std::vector<std::string>> greeting;
  if (!address_.password.empty())
    greeting.push_back(address_.user.empty()
                         ? std::vector<std::string>{"AUTH", address_.password}
                         : std::vector<std::string>{"AUTH", address_.user, address_.password});
  if (address_.database != 0)
    greeting.push_back({"SELECT", std::to_string(address_.database)});
  for (const auto& command : greeting)
    if (!exchange(command, until)) {
      const std::lock_guard lock{mutex_};
      context_.reset();
      return false;
    }
  return true;
}

std::optional<redis_connection::answer>
redis_connection::exchange(const std::vector<std::string>& command, time_point until) {
  if (redisSetTimeout(context_.get(), left_until(until)) != REDIS_OK)
    return std::nullopt;
  std::vector<const char*> words;
  std::vector<std::size_t> sizes;
  for (const auto& word : command) {
    words.push_back(word.data());
    sizes.push_back(word.size());
  }
  const reply_ptr reply{static_cast<redisReply*>(
    redisCommandArgv(context_.get(), static_cast<int>(words.size()), words.data(), sizes.data()))};
  if (!reply || reply->type == REDIS_REPLY_ERROR)
    return std::nullopt;
  answer out;
  out.there = reply->type != REDIS_REPLY_NIL;
  if (reply->type == REDIS_REPLY_INTEGER)
    out.number = reply->integer;
  else if (reply->type == REDIS_REPLY_ARRAY)
    collect(*reply, out.texts);
  else
    out.text = text_of(*reply);
  return out;
}

void redis_connection::interrupt() {
  const std::lock_guard lock{mutex_};
  interrupted_ = true;
  if (context_)
    ::shutdown(context_->fd, SHUT_RDWR);
}

} // namespace flipsync
