#!/usr/bin/env bash
# Every benchmark in turn; ./dev bench calls it after the build. Arguments (--quick) go to facade_bench, gateway_bench,
# cache_bench, ws_bench and turn_bench, whose exit codes are the verdict on the budgets. One that misses a budget is
# measured once more at the end, since the machine's own speed moves by the minute: the second run counts.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
build="$root/build/release"

title_of() { # title_of PROGRAM
  case "$1" in
    bridge_floor) echo "The HTTP door beside a bare server" ;;
    http_client_bench) echo "The HTTP client beside a bare socket" ;;
    ledger_bench) echo "The cost ledger" ;;
    facade_bench) echo "The program as a plain proxy beside a bare one" ;;
    gateway_bench) echo "The model gateway, and a provider that fails half its calls" ;;
    cache_bench) echo "Kept answers beside a bare server" ;;
    ws_bench) echo "WebSockets of the whole program" ;;
    turn_bench) echo "Turns of the whole program beside a mock provider" ;;
  esac
}

measure() { # measure PROGRAM ARG…: false if it misses a budget
  local program=$1
  shift
  case "$program" in
    facade_bench | cache_bench) set -- "$build/flipsync" "$@" ;;
    *_floor | http_client_bench | ledger_bench) set -- ;;
    *) set -- "$build/flipsync" "$root/config/sample" "$@" ;;
  esac
  "$build/$program" "$@"
}

main() {
  local program verdict=0 missed=()
  for program in bridge_floor http_client_bench ledger_bench facade_bench gateway_bench cache_bench ws_bench turn_bench; do
    echo "== $(title_of "$program") =="
    measure "$program" "$@" || missed+=("$program")
  done
  for program in ${missed[@]+"${missed[@]}"}; do
    echo "== Once more: $(title_of "$program") =="
    measure "$program" "$@" || verdict=1
  done
  return "$verdict"
}

main "$@"
