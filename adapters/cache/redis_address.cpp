#include "adapters/cache/redis_address.hpp"

#include <charconv>
#include <optional>

namespace flipsync {

namespace {

error wrong(std::string_view what) {
  return error{errc::invalid_request,
               "a Redis is named as redis://[[USER]:PASSWORD@]HOST[:PORT][/DATABASE]: "
                 + std::string{what}};
}

template <class Number>
std::optional<Number> number_in(std::string_view text) {
  Number value{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto small = static_cast<char>(c | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size() || hex_value(text[i + 1]) < 0 || hex_value(text[i + 2]) < 0)
      return std::nullopt;
    out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
    i += 2;
  }
  return out;
}

result<void> read_user(std::string_view text, redis_address& into) {
  const auto colon = text.find(':');
  auto user = percent_decoded(text.substr(0, colon));
  auto password =
    percent_decoded(colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1));
  if (!user || !password)
    return wrong("its user or password has a broken percent sign");
  into.user = *std::move(user);
  into.password = *std::move(password);
  return {};
}

result<void> read_host(std::string_view text, redis_address& into) {
  std::size_t end = 0;
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos)
      return wrong("a bracket is not closed");
    into.host = text.substr(1, end - 1);
    ++end;
  } else {
    end = std::min(text.find(':'), text.size());
    into.host = text.substr(0, end);
  }
  if (into.host.empty())
    return wrong("there is no host");
  if (end == text.size())
    return {};
  const auto port =
    text[end] == ':' ? number_in<std::uint16_t>(text.substr(end + 1)) : std::nullopt;
  if (!port || *port == 0)
    return wrong("the port is a number from 1 to 65535");
  into.port = *port;
  return {};
}

} // namespace

result<redis_address> parse_redis_url(std::string_view url) {
  constexpr std::string_view scheme = "redis://";
  if (!url.starts_with(scheme))
    return wrong("no other scheme is known");
  url.remove_prefix(scheme.size());
  redis_address out;
  if (const auto slash =
        url.find('/', url.rfind('@') == std::string_view::npos ? 0 : url.rfind('@'));
      slash != std::string_view::npos) {
    const auto name = url.substr(slash + 1);
    const auto database = name.empty() ? std::optional{0U} : number_in<std::uint32_t>(name);
    if (!database)
      return wrong("the database is a number");
    out.database = *database;
    url = url.substr(0, slash);
  }
  if (const auto at = url.rfind('@'); at != std::string_view::npos) {
    if (auto read = read_user(url.substr(0, at), out); !read)
      return read.error();
    url = url.substr(at + 1);
  }
  if (auto read = read_host(url, out); !read)
    return read.error();
  return out;
}

} // namespace flipsync
