#!/usr/bin/env bash
# Every benchmark in turn; ./dev bench calls it after the build. Arguments (--quick) go to facade_bench, gateway_bench,
# cache_bench, ws_bench and turn_bench, whose exit codes are the verdict on the budgets.
set -euo pipefail

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
  "$build/facade_bench" "$build/flipsync" "$@" || verdict=1
  echo "== The model gateway, and a provider that fails half its calls =="
  "$build/gateway_bench" "$build/flipsync" "$root/config/sample" "$@" || verdict=1
  echo "== Kept answers beside a bare server =="
  "$build/cache_bench" "$build/flipsync" "$@" || verdict=1
  echo "== WebSockets of the whole program =="
  "$build/ws_bench" "$build/flipsync" "$root/config/sample" "$@" || verdict=1
  echo "== Turns of the whole program beside a mock provider =="
  "$build/turn_bench" "$build/flipsync" "$root/config/sample" "$@" || verdict=1
  return "$verdict"
}

main "$@"
