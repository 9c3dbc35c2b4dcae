#!/usr/bin/env bash
# Who may include whom. usage: layering.sh [ROOT]; prints each violation, fails if there is one.
#
#   runtime/core <- agents, adapters/*, runtime/node <- config <- runtime/embed <- runtime/app
#
# Agents and adapters meet only in runtime/core; providers may share adapters/providers/common.
# Vendor names stay where a vendor is spoken to or chosen.
set -euo pipefail

readonly vendors='ollama|openai|anthropic|gemini'
# What does input and output has no place in the core, which runs in virtual time without a socket.
readonly not_in_core='^(curl/|sqlite3|SQLiteCpp/|boost/(asio|beast)|openssl/|hiredis/|caf/(io|openssl)/)'

# What reads or writes numbers and letters as the locale has it, which a program that embeds the
# runtime may have chosen: runtime/core/text has number_text.hpp and ascii.hpp instead.
readonly locale_bound='\b(strto[df]|strtold|sto(d|f|ld)|atof|ostringstream|stringstream|tolower|toupper|isalpha|isalnum|isspace|ispunct)\b'

# What files in the folder may include: a regular expression on the path in the include.
allowed_for() {
  case "$1" in
    runtime/core/*) echo '^runtime/core/' ;;
    runtime/node/*) echo '^runtime/(core|node)/' ;;
    agents/*) echo '^(runtime/core|agents)/' ;;
    adapters/providers/*) echo "^(runtime/core|adapters/providers/common|$(cut -d/ -f1-3 <<<"$1"))/" ;;
    adapters/*) echo "^(runtime/core|$(cut -d/ -f1-2 <<<"$1"))/" ;;
    config/*) echo '^(runtime/(core|node)|agents|adapters|config)/' ;;
    runtime/embed/*) echo '^(runtime/(core|node|embed)|agents|adapters|config)/' ;;
    runtime/app/*) echo '^(runtime|agents|adapters|config)/' ;;
    # A folder that the rules do not know is a decision to make here first.
    *) echo '^$' ;;
  esac
}

# "file:line include" for each quoted (") or angled (<) include under the source folders.
includes() {
  source_files | xargs -r grep -EnoH "^[[:space:]]*#[[:space:]]*include[[:space:]]*$1[^\">]+" |
    sed -E "s/^([^:]+:[0-9]+):.*$1/\1 /" || true
}

source_files() {
  find runtime agents adapters config -type f \
    \( -name '*.hpp' -o -name '*.cpp' -o -name '*.h' -o -name '*.c' \) 2>/dev/null | sort
}

check_own_includes() {
  local place included folder previous='' allowed=''
  while read -r place included; do
    folder=${place%/*}/
    [[ "$folder" == "$previous" ]] || allowed=$(allowed_for "$folder")
    previous=$folder
    [[ "$included" =~ $allowed ]] || echo "$place: may not include \"$included\""
  done < <(includes '"')
}

check_library_includes() {
  local place included
  while read -r place included; do
    if [[ "$place" == runtime/core/* && "$included" =~ $not_in_core ]]; then
      echo "$place: the core does no input or output, so not <$included>"
    fi
    if [[ "$place" == runtime/core/types/* && "$included" == caf/* ]]; then
      echo "$place: value types know no actors, so not <$included>"
    fi
  done < <(includes '<')
}

check_vendor_names() {
  find runtime agents adapters -type f ! -path 'adapters/providers/*' ! -name CMakeLists.txt \
    2>/dev/null | sort | xargs -r grep -EniH "$vendors" |
    sed -E 's/^([^:]+:[0-9]+):.*/\1: names a vendor/' || true
  find runtime agents adapters -type f ! -path 'adapters/providers/*' 2>/dev/null |
    grep -Ei "($vendors)[^/]*$" | sed 's/$/: is named after a vendor/' || true
}

check_locale_bound() {
  source_files | xargs -r grep -EnH "$locale_bound" |
    sed -E 's/^([^:]+:[0-9]+):.*/\1: depends on the locale/' || true
}

main() {
  cd "${1:-$(dirname "${BASH_SOURCE[0]}")/../..}"
  local violations
  violations=$(check_own_includes && check_library_includes && check_vendor_names &&
    check_locale_bound)
  [[ -z "$violations" ]] && return 0
  echo "$violations"
  echo "$(wc -l <<<"$violations") violations of the layering; tests/checks/layering.sh has the rules." >&2
  return 1
}

main "$@"
