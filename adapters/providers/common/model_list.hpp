#pragma once
/// Lists of models as servers give them.

#include <functional>
#include <string>
#include <string_view>

#include "adapters/providers/common/codec.hpp"
#include "adapters/providers/common/failure.hpp"

namespace flipsync::providers {

/// Where a list lies in a body, and what names a model and the next page.
struct list_form {
  std::string_view list;      ///< member of the body
  std::string_view name;      ///< member of each item
  std::string_view next = {}; ///< member with the next page's token; empty: there is only one page
  /// Where set: the next page is only there if this member is true.
  std::string_view more = {};
  /// Where set: a model counts only if its list `skills` has `skill`.
  std::string_view skills = {};
  std::string_view skill = {};
  bool may_be_bare = false; ///< the body may be the list itself
};

/// A page of a list. Errors: what the status stands for; malformed_reply for no list. Pure.
result<model_page> read_model_page(const exchange_head& head, std::string_view body,
                                   const list_form& form, const failure_frame& frame);

} // namespace flipsync::providers
