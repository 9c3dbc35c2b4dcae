#!/usr/bin/env bash
# Every benchmark in turn; ./dev bench calls it after the build. Arguments (--quick) go to turn_bench,
# whose exit code is the verdict on the budgets.
set -euo pipefail

main() {
  local root build
  root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
  build="$root/build/release"
  echo "== The HTTP door beside a bare server =="
  "$build/bridge_floor"
  echo "== The HTTP client beside a bare socket =="
  "$build/http_client_bench"
  echo "== Turns of the whole program beside a mock provider =="
  exec "$build/turn_bench" "$build/flipsync" "$root/config/sample" "$@"
}

main "$@"
