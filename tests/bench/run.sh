#!/usr/bin/env bash
# Every benchmark in turn; ./dev bench calls it after the build. Arguments (--quick) go to facade_bench, gateway_bench,
# cache_bench, ws_bench and turn_bench, whose exit codes are the verdict on the budgets: 0 if all hold, 1 if one does not,
# 3 if those that do not are such as this machine is too slow for (docs/adr/0034).
set -euo pipefail

# A miss outweighs what could not be judged.
judge() {
  local code=0
  "$@" || code=$?
  if ((code == 3)); then
    ((verdict == 1)) || verdict=3
  elif ((code != 0)); then
    verdict=1
  fi
}

main() {
  local root build verdict=0
  root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
  build="$root/build/release"
  echo "== The HTTP door beside a bare server =="
  "$build/bridge_floor"
  echo "== The HTTP client beside a bare socket =="
  "$build/http_client_bench"
  echo "== The cost ledger =="
  "$build/ledger_bench"
  echo "== The program as a plain proxy beside a bare one =="
  judge "$build/facade_bench" "$build/flipsync" "$@"
  echo "== The model gateway, and a provider that fails half its calls =="
  judge "$build/gateway_bench" "$build/flipsync" "$root/config/sample" "$@"
  echo "== Kept answers beside a bare server =="
  judge "$build/cache_bench" "$build/flipsync" "$@"
  echo "== WebSockets of the whole program =="
  judge "$build/ws_bench" "$build/flipsync" "$root/config/sample" "$@"
  echo "== Turns of the whole program beside a mock provider =="
  judge "$build/turn_bench" "$build/flipsync" "$root/config/sample" "$@"
  return "$verdict"
}

main "$@"
