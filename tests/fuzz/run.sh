#!/usr/bin/env bash
# run.sh BUILD NAME SECONDS: one fuzz target over its seeds. What it finds stays in BUILD/found, and the
# inputs it learned in BUILD/learned, for the next run.
set -euo pipefail

main() {
  local build=$1 name=$2 seconds=$3 folder
  folder=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
  [[ -x "$build/fuzz_$name" ]] || {
    echo "$build/fuzz_$name is not built; ./dev test and ./dev fuzz do that" >&2
    exit 1
  }
  mkdir -p "$build/found" "$build/learned/$name"
  exec "$build/fuzz_$name" -max_total_time="$seconds" -max_len=16384 -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="$build/found/$name-" "$build/learned/$name" \
    "$folder/corpus/$name"
}

main "$@"
