#pragma once
/// What a store holds open; shared by its reads and by the importer.

#include <memory>
#include <mutex>

#include "adapters/store/catalogue_view.hpp"
#include "adapters/store/checkpointer.hpp"
#include "adapters/store/sqlite.hpp"
#include "adapters/store/sqlite_store.hpp"
#include "adapters/store/version_mirror.hpp"

namespace flipsync {

struct sqlite_store::state {
  store_options options;
  version_mirror version;
  catalogue_view catalogue;
  std::unique_ptr<catalogue_view>
    surveys; ///< of the thread that surveys; made once the file is migrated
  sql::connection conversations;
  std::mutex conversations_used;                  ///< held by whoever uses `conversations`
  std::shared_ptr<spending_source> spending;      ///< may be null
  std::unique_ptr<sql::checkpointer> checkpoints; ///< of `conversations`, so it ends before it

  explicit state(store_options opts);
};

} // namespace flipsync
