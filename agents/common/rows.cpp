#include "agents/common/rows.hpp"

namespace flipsync {

result<void> check_rows(const std::vector<store_query>& queries,
                        const std::vector<const store_rows*>& rows) {
  // The alternatives of both variants stand in the same order, a row type per query type.
  static_assert(std::variant_size_v<store_query> == std::variant_size_v<store_rows>);
  bool fits = queries.size() == rows.size();
  for (std::size_t i = 0; fits && i < rows.size(); ++i)
    fits = rows[i] == nullptr || rows[i]->index() == queries[i].index();
  if (!fits)
    return error{errc::internal, "A skill was given rows that do not answer its queries."};
  return {};
}

} // namespace flipsync
