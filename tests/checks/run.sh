#!/usr/bin/env bash
# One check of quality.sh by its name, as ctest calls those that take seconds: run.sh format.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }

main() {
  local root
  root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
  cd "$root"
  # shellcheck source=tests/checks/quality.sh
  . tests/checks/quality.sh
  "check_$1"
}

main "$@"
