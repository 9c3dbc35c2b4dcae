#include "runtime/app/local_runtime.hpp"

#include "adapters/store/sqlite_store.hpp"
#include "config/assemble.hpp"

namespace flipsync::app {

result<std::shared_ptr<running_runtime>> start_local(const context& ctx) {
  auto parts = config::assemble(ctx.config.values);
  if (!parts)
    return parts.error();
  const auto folder = config::data_folder(ctx.config.values, ctx.env);
  if (!folder)
    return folder.error();
  auto store = config::open_shop(ctx.config.values, parts->rules, *folder);
  if (!store)
    return store.error();
  parts->store = *std::move(store);
  return start_runtime(*std::move(parts));
}

} // namespace flipsync::app
