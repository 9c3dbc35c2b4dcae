// Files of API keys, keys as the environment gives them, and query strings.

#include "adapters/bridge/access/key_file.hpp"
#include "adapters/bridge/query.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

namespace {

constexpr query_field declared[] = {
  {.name = "q", .type = query_type::text, .summary = "", .min = 0, .max = 200},
  {.name = "limit", .type = query_type::whole, .summary = "", .min = 1, .max = 50},
  {.name = "max_price", .type = query_type::decimal, .summary = "", .min = 0, .max = 1000},
  {.name = "in_stock", .type = query_type::flag, .summary = ""},
  {.name = "kind", .type = query_type::choice, .summary = "", .choices = "products|prices"},
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::input in{data, size};
  const auto require_reason = [](const error& why) {
    fuzz::require(why.code == errc::invalid_request && !why.message.empty(),
                  "what is refused is refused with a reason");
  };
  switch (in.choose(3)) {
  case 0:
    if (const auto keys = parse_key_file(in.rest(), "fuzzed.toml"); !keys)
      require_reason(keys.error());
    break;
  case 1:
    if (const auto keys = parse_key_list(in.rest()); !keys)
      require_reason(keys.error());
    break;
  default:
    if (const auto values = query_values::parse(in.rest(), declared); !values) {
      fuzz::require(!values.error().detail("field").empty(), "a wrong parameter is named");
    } else if (const auto limit = values->whole("limit")) {
      fuzz::require(*limit >= 1 && *limit <= 50, "a number that is taken is in range");
    }
    break;
  }
  return 0;
}
