#include "adapters/providers/common/model_list.hpp"

#include <algorithm>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_read.hpp"

namespace flipsync::providers {

namespace {

using simdjson::dom::element;

std::string next_page(element root, const list_form& form) {
  if (form.next.empty())
    return {};
  bool more = true;
  if (!form.more.empty()) {
    const auto said = member(root, form.more);
    more = said && said->get(more) == simdjson::SUCCESS && more;
  }
  return more ? std::string{text_of(root, form.next)} : std::string{};
}

bool has_skill(element model, const list_form& form) {
  if (form.skills.empty())
    return true;
  simdjson::dom::array list;
  const auto skills = member(model, form.skills);
  if (!skills || skills->get(list) != simdjson::SUCCESS)
    return false;
  return std::any_of(list.begin(), list.end(), [&](element one) {
    std::string_view name;
    return one.get(name) == simdjson::SUCCESS && name == form.skill;
  });
}

} // namespace

result<model_page> read_model_page(const exchange_head& head, std::string_view body,
                                   const list_form& form, const failure_frame& frame) {
  if (auto ok = expect_success(head, body, frame); !ok)
    return ok.error();
  model_page page;
  bool understood = false;
  with_json(body, [&](element root) {
    simdjson::dom::array list;
    const auto models =
      form.may_be_bare && root.is_array() ? std::optional{root} : member(root, form.list);
    understood = models && models->get(list) == simdjson::SUCCESS;
    if (!understood)
      return;
    for (const auto model : list)
      if (const auto name = text_of(model, form.name); !name.empty() && has_skill(model, form))
        page.names.emplace_back(name);
    page.next = next_page(root, form);
  });
  if (!understood)
    return provider_error(errc::malformed_reply, "the list of models is unreadable", frame);
  return page;
}

} // namespace flipsync::providers
