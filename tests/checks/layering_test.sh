#!/usr/bin/env bash
# Shows that layering.sh rejects what it should and nothing else: one file for each rule.
set -euo pipefail

# expect accepted|rejected FILE LINE: one more file in the tree of that verdict, under a name of its own.
expect() {
  number=$((number + 1))
  local file="$trees/$1/${2%/*}/case${number}_${2##*/}"
  mkdir -p "${file%/*}"
  echo "$3" >"$file"
}

inclusions() {
  expect accepted runtime/core/a.cpp '#include "runtime/core/types/b.hpp"'
  expect rejected runtime/core/a.cpp '#include "agents/b.hpp"'
  expect rejected runtime/core/deep/a.cpp '#include "adapters/store/b.hpp"'
  expect rejected runtime/core/a.cpp '#include "config/b.hpp"'
  expect rejected runtime/core/a.cpp '#include "b.hpp"'
  expect rejected runtime/core/a.cpp '#include "../core/b.hpp"'
  expect accepted agents/pricing/a.cpp '#include "agents/roster.hpp"'
  expect rejected agents/pricing/a.cpp '  #  include "adapters/store/b.hpp"'
  expect rejected agents/pricing/a.cpp '#include "runtime/embed/b.hpp"'
  expect accepted adapters/store/a.cpp '#include "adapters/store/b.hpp"'
  expect rejected adapters/store/a.cpp '#include "agents/b.hpp"'
  expect rejected adapters/bridge/a.cpp '#include "adapters/http_client/b.hpp"'
  expect rejected adapters/bridge/a.cpp '#include "runtime/embed/b.hpp"'
  expect accepted adapters/providers/one/a.cpp '#include "adapters/providers/common/b.hpp"'
  expect rejected adapters/providers/one/a.cpp '#include "adapters/providers/two/b.hpp"'
  expect rejected adapters/providers/common/a.cpp '#include "adapters/providers/two/b.hpp"'
  expect rejected adapters/providers/one/a.cpp '#include "adapters/http_client/b.hpp"'
  expect rejected adapters/http_client/a.cpp '#include "adapters/providers/common/b.hpp"'
  expect accepted runtime/node/a.cpp '#include "runtime/core/b.hpp"'
  expect rejected runtime/node/a.cpp '#include "config/b.hpp"'
  expect accepted config/a.cpp '#include "adapters/providers/one/b.hpp"'
  expect rejected config/a.cpp '#include "runtime/embed/b.hpp"'
  expect accepted runtime/embed/a.cpp '#include "config/b.hpp"'
  expect rejected runtime/embed/a.cpp '#include "runtime/app/b.hpp"'
  expect accepted runtime/app/a.cpp '#include "runtime/embed/b.hpp"'
  expect rejected runtime/elsewhere/a.cpp '#include "runtime/core/b.hpp"'
}

libraries() {
  local header
  for header in curl/curl.h sqlite3.h SQLiteCpp/Database.h boost/asio.hpp boost/beast/core.hpp \
    openssl/ssl.h hiredis/hiredis.h caf/io/middleman.hpp; do
    expect rejected runtime/core/a.cpp "#include <$header>"
    expect accepted adapters/store/a.cpp "#include <$header>"
  done
  expect accepted runtime/core/a.cpp '#include <caf/typed_actor.hpp>'
  expect rejected runtime/core/types/a.hpp '#include <caf/typed_actor.hpp>'
  expect accepted runtime/core/types/a.hpp '#include <string>'
}

vendor_names() {
  local name
  for name in ollama OpenAI Anthropic gemini; do
    expect rejected runtime/core/a.cpp "// as $name does it"
    expect rejected agents/pricing/prompt.txt "$name"
    expect rejected adapters/bridge/a.cpp "int ${name}_port;"
    expect accepted adapters/providers/one/a.cpp "// $name"
    expect accepted config/a.toml "$name"
    expect rejected "runtime/core/${name}_a.cpp" "int a;"
  done
}

locale_bound() {
  local call
  for call in 'strtod(text, &end)' 'std::stod(text)' 'std::ostringstream out' 'std::toupper(c)'; do
    expect rejected runtime/core/a.cpp "$call;"
    expect rejected config/a.cpp "$call;"
  done
  expect accepted runtime/core/a.cpp 'ascii_upper(c);'
}

report_wrongly_rejected() {
  "$check" "$trees/accepted" 2>/dev/null || echo "should all have been accepted"
}

report_wrongly_accepted() {
  local reported file
  reported=$("$check" "$trees/rejected" 2>/dev/null || true)
  while read -r file; do
    grep -qF "$file:" <<<"$reported" || echo "should be rejected: '$(cat "$trees/rejected/$file")' in $file"
  done < <(cd "$trees/rejected" && find . -type f | cut -c3-)
}

main() {
  local check wrong number=0
  check="$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/layering.sh"
  trees=$(mktemp -d)
  trap 'rm -r "$trees"' EXIT
  inclusions
  libraries
  vendor_names
  locale_bound
  wrong=$(report_wrongly_rejected && report_wrongly_accepted)
  [[ -z "$wrong" ]] && return 0
  echo "$wrong"
  return 1
}

main "$@"
