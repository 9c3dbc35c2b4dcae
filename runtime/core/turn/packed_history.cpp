#include "runtime/core/turn/packed_history.hpp"

#include <cstdint>
#include <cstring>

namespace flipsync {

namespace {

using ticks = wall_time::duration::rep;

template <class Number>
void put(std::string& out, Number number) {
  out.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put_text(std::string& out, std::string_view text) {
  put(out, static_cast<std::uint32_t>(text.size()));
  out += text;
}

std::size_t packed_size(const conversation_history& history) {
  constexpr auto count = sizeof(std::uint32_t);
  auto size = count + history.agent.size() + count;
  for (const auto& message : history.messages) {
    size += 3 * count + message.role.size() + message.text.size() + message.agent.size();
    size += sizeof(ticks) + count;
    for (const auto& sku : message.skus)
      size += count + sku.size();
  }
  return size;
}

class unpacker {
public:
  explicit unpacker(std::string_view packed) : rest_{packed} {}

  template <class Number>
  Number number() {
    Number out{};
    std::memcpy(&out, rest_.data(), sizeof out);
    rest_.remove_prefix(sizeof out);
    return out;
  }

  std::string text() {
    const auto size = number<std::uint32_t>();
    std::string out{rest_.substr(0, size)};
    rest_.remove_prefix(size);
    return out;
  }

private:
  std::string_view rest_;
};

} // namespace

std::string pack(const conversation_history& history) {
  std::string out;
  out.reserve(packed_size(history));
  put_text(out, history.agent);
  put(out, static_cast<std::uint32_t>(history.messages.size()));
  for (const auto& message : history.messages) {
    put_text(out, message.role);
    put_text(out, message.text);
    put_text(out, message.agent);
    put(out, message.at.time_since_epoch().count());
    put(out, static_cast<std::uint32_t>(message.skus.size()));
    for (const auto& sku : message.skus)
      put_text(out, sku);
  }
  return out;
}

conversation_history unpack(std::string_view packed) {
  unpacker in{packed};
  conversation_history history;
  history.exists = true;
  history.agent = in.text();
  history.messages.resize(in.number<std::uint32_t>());
  for (auto& message : history.messages) {
    message.role = in.text();
    message.text = in.text();
    message.agent = in.text();
    message.at = wall_time{wall_time::duration{in.number<ticks>()}};
    message.skus.resize(in.number<std::uint32_t>());
    for (auto& sku : message.skus)
      sku = in.text();
  }
  return history;
}

} // namespace flipsync
