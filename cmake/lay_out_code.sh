#!/usr/bin/env bash
# lay_out_code.sh BOLT PROFILE PROGRAM: lays out the code of a program that was just linked by what its turns run
# through (docs/adr/0026). The program as it was linked stays beside it, PROGRAM.linked, and what the optimizer said,
# PROGRAM.layout.log.
set -euo pipefail

main() {
  local bolt=$1 profile=$2 program=$3
  mv -f "$program" "$program.linked"
  if "$bolt" "$program.linked" -o "$program" -data="$profile" -infer-stale-profile -reorder-blocks=ext-tsp \
    -reorder-functions=cdsort -split-functions -split-all-cold -split-eh -no-huge-pages >"$program.layout.log" 2>&1; then
    return 0
  fi
  # A slower program is better than none; "check: code layout" tells of it.
  echo "lay_out_code.sh: $bolt failed, the program stays as it was linked, and slower: see $program.layout.log" >&2
  cp -f "$program.linked" "$program"
}

main "$@"
