#!/usr/bin/env bash
# code_layout.sh PROGRAM: whether the program was laid out by cmake/code_profile.yaml, and has most of the functions
# that the profile names.
set -euo pipefail

main() {
  local root profile log named found
  root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
  profile="$root/cmake/code_profile.yaml"
  log="$1.layout.log"
  found=$(sed -n 's/^BOLT-INFO: \([0-9]*\) out of .* have non-empty execution profile$/\1/p' "$log")
  if [[ -z "$found" ]] || cmp -s "$1" "$1.linked"; then
    echo "$1 was not laid out by $profile; $log says:" >&2
    tail -n 5 "$log" >&2
    return 1
  fi
  named=$(grep -c '^  - name:' "$profile")
  if ((found * 2 < named)); then
    echo "$1 has only $found of the $named functions in cmake/code_profile.yaml: run tests/bench/code_profile.sh" >&2
    return 1
  fi
}

main "$@"
