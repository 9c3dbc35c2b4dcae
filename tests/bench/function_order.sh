#!/usr/bin/env bash
# Writes cmake/function_order.txt: the names of the program's functions that a turn and a proxied call run through, as
# callgrind counts them. The linker lays these beside each other (docs/adr/0022). Wants valgrind and a finished
# `./dev build`; takes a few minutes. A name that the program no longer has does no harm, and neither does one that is
# missing, so once in a while is enough.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
build="$root/build/release"

# Functions of the program alone that are called in at least every third turn; the head's "ob" and "fn" lines name what
# later ones only number.
functions_of() {
  awk '
    function number(text, names,   close_at, key) {
      close_at = index(text, ")")
      key = substr(text, 2, close_at - 2)
      if (length(text) > close_at) names[key] = substr(text, close_at + 2)
      return key
    }
    /^ob=/ { object = number(substr($0, 4), objects) }
    /^cob=/ { number(substr($0, 5), objects) }
    /^fn=/ { home[number(substr($0, 4), names)] = object }
    /^cfn=/ { callee = number(substr($0, 5), names) }
    /^calls=/ { split(substr($0, 7), count, " "); calls[callee] += count[1] }
    END {
      for (key in names)
        if (names[key] ~ /^_ZN8flipsync10turn_guard3endE/) turns += calls[key]
      if (turns < 20) exit
      for (key in home)
        if (objects[home[key]] ~ /\/flipsync$/ && calls[key] * 3 >= turns) print names[key]
    }' "$1"
}

main() {
  command -v valgrind >/dev/null || { echo "function_order.sh: install valgrind first (apt-get install valgrind)" >&2; exit 3; }
  [[ -x "$build/turn_bench" ]] || { echo "function_order.sh: there is no $build/turn_bench; ./dev build makes it" >&2; exit 3; }
  local out
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  cat >"$scratch/counted" <<EOF
#!/bin/sh
exec valgrind --quiet --tool=callgrind --demangle=no --compress-strings=yes \
  --callgrind-out-file="$scratch/counts.%p" "$build/flipsync" "\$@"
EOF
  chmod +x "$scratch/counted"
  # The figures of these runs say nothing: a counted program is fifty times slower.
  "$build/turn_bench" "$scratch/counted" "$root/config/sample" --quick --only=added >&2 || true
  "$build/turn_bench" "$scratch/counted" "$root/config/sample" --quick --only=load >&2 || true
  "$build/facade_bench" "$scratch/counted" --quick --only=calls >&2 || true
  out=$(for counts in "$scratch"/counts.*; do functions_of "$counts"; done | sed "s/'[0-9]*$//" | LC_ALL=C sort -u)
  (($(wc -l <<<"$out") >= 500)) || { echo "function_order.sh: too few functions were counted" >&2; exit 1; }
  printf '%s\n' "$out" >"$root/cmake/function_order.txt"
  wc -l "$root/cmake/function_order.txt"
}

main "$@"
