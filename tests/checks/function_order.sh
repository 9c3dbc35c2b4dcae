#!/usr/bin/env bash
# function_order.sh PROGRAM: whether the linker still finds most of what cmake/function_order.txt names.
set -euo pipefail

main() {
  local root order known
  root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
  order="$root/cmake/function_order.txt"
  known=$(nm "$1" | awk 'NR == FNR { here[$3] = 1; next } $1 in here { ++n } END { print n + 0 }' - "$order")
  if ((known * 2 < $(wc -l <"$order"))); then
    echo "$1 has only $known of the functions in cmake/function_order.txt: run tests/bench/function_order.sh" >&2
    return 1
  fi
}

main "$@"
