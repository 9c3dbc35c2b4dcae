#include "runtime/core/cache/rendition.hpp"

#include <algorithm>

namespace flipsync {

namespace {

// Within a JSON string the quotes would be escaped, so that this is a member.
constexpr std::string_view created_member = "\"created\":0";

} // namespace

rendition::rendition(std::string_view bytes, std::string_view id) {
  std::size_t at = 0;
  while (at < bytes.size()) {
    const auto next_id = bytes.find(id, at);
    const auto next_created = bytes.find(created_member, at);
    const auto next = std::min(next_id, next_created);
    if (next == std::string_view::npos)
      break;
    const bool is_id = next_id < next_created;
    const auto before = is_id ? next : next + created_member.size() - 1;
    text_ += bytes.substr(at, before - at);
    gaps_.push_back({text_.size(), is_id ? kind::id : kind::created});
    at = before + (is_id ? id.size() : 1);
  }
  text_ += bytes.substr(std::min(at, bytes.size()));
}

void rendition::append(std::string& out, std::string_view id, std::int64_t created) const {
  const auto time = std::to_string(created);
  std::size_t at = 0;
  for (const auto& next : gaps_) {
    out.append(text_, at, next.at - at);
    out += next.what == kind::id ? id : std::string_view{time};
    at = next.at;
  }
  out.append(text_, at);
}

} // namespace flipsync
