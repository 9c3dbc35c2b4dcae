#include "adapters/bridge/access/ticket_office.hpp"

namespace flipsync {

namespace {

std::string name_of(const key_digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

} // namespace

void ticket_office::forget_old(time_point now) {
  while (!by_age_.empty() && by_age_.front().first <= now) {
    open_.erase(by_age_.front().second);
    by_age_.pop_front();
  }
}

result<std::string> ticket_office::issue(const key_digest& key, time_point now) {
  auto secret = mint_secret("fst_");
  if (!secret)
    return secret.error();
  const auto digest = digest_of(*secret);
  const std::lock_guard lock{mutex_};
  forget_old(now);
  // Used ones count until they would have expired, so that the list of ages is bounded too.
  if (by_age_.size() >= most_)
    return error{errc::rate_limited, "too many tickets are out"}.with_retry_after(
      std::chrono::duration_cast<std::chrono::milliseconds>(by_age_.front().first - now));
  const auto until = now + lifetime_;
  open_.emplace(name_of(digest), entry{digest, key, until});
  by_age_.emplace_back(until, name_of(digest));
  return *std::move(secret);
}

std::optional<key_digest> ticket_office::redeem(std::string_view ticket, time_point now) {
  const auto digest = digest_of(ticket);
  const std::lock_guard lock{mutex_};
  forget_old(now);
  const auto found = open_.find(name_of(digest));
  if (found == open_.end() || !same(found->second.ticket, digest))
    return std::nullopt;
  const auto key = found->second.key;
  open_.erase(found);
  return key;
}

} // namespace flipsync
