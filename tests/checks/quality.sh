# The checks that need tools of their own or minutes of time. Sourced by ./dev check; each one runs
# even if an earlier one failed, so that one run tells everything.

readonly needed_line_coverage=85
readonly formatter_version=14

our_sources() {
  find runtime agents adapters config tests examples cmake -path '*/node_modules' -prune -o \
    -type f -name "$1" -print 2>/dev/null | sort
}

our_scripts() {
  printf '%s\n' dev .ci/run
  our_sources '*.sh'
}

cxx_sources() {
  our_sources '*.cpp'
  our_sources '*.hpp'
}

# Versions of the formatter disagree on details, and Debian 12 and 13 have none in common; the older
# one's word counts.
check_format() {
  if ! clang-format --version | grep -qF "version $formatter_version."; then
    say "    skipped: the sources are in the format of clang-format $formatter_version, which is not here"
    return 0
  fi
  cxx_sources | xargs -r clang-format --dry-run -Werror
}

check_shell_syntax() {
  local script failed=0
  while read -r script; do
    bash -n "$script" || failed=1
  done < <(our_scripts)
  return "$failed"
}

check_layering() {
  tests/checks/layering.sh && tests/checks/layering_test.sh
}

# The flags are g++'s, so clang is told not to mind those it does not know, and g++'s precompiled
# headers, which clang cannot read, are left out. Each source is looked at by itself, as the preset
# `lint` would compile it. Sources that no target compiles on this machine have no flags and are left
# out too.
check_lint() {
  local flags=build/lint/clang failed=0
  mkdir -p "$flags"
  cmake --preset lint >build/lint/configure.log 2>&1 || return 1
  # Without what only g++ understands.
  sed -E 's# -Winvalid-pch -include [^ "]*/cmake_pch\.hxx##; s# -fno-reorder-blocks-and-partition##' \
    build/lint/compile_commands.json \
    >"$flags/compile_commands.json"
  lint "$flags" || failed=1
  # What only the fuzz preset compiles, which is clang's.
  build_fuzz_targets
  lint build/fuzz '^tests/fuzz/' || failed=1
  return "$failed"
}

lint() { # lint FOLDER [PATTERN]: the sources that the folder's compile_commands.json has, of those of the pattern
  compiled_sources "$1" | { grep -E "${2:-}" || true; } |
    xargs -r -P "$(jobs_here)" -n 1 clang-tidy -p "$1" --quiet --extra-arg=-Wno-unknown-warning-option 2>/dev/null
}

compiled_sources() {
  our_sources '*.cpp' | while read -r source; do
    if grep -qF "\"$root/$source\"" "$1/compile_commands.json"; then
      echo "$source"
    fi
  done
}

check_coverage() {
  build coverage
  find build/coverage -name '*.gcda' -delete
  ctest --preset coverage --parallel "$(nproc)" --output-on-failure >build/coverage/ctest.log 2>&1 ||
    { tail -n 40 build/coverage/ctest.log && return 1; }
  gcovr --root . --object-directory build/coverage --filter 'runtime/' --filter 'agents/' \
    --exclude-throw-branches --gcov-ignore-parse-errors \
    --print-summary --fail-under-line "$needed_line_coverage"
}

check_quality() {
  local failed=() part
  cd "$root"
  for part in format shell_syntax layering lint coverage; do
    step "Checking: ${part//_/ }"
    "check_$part" || failed+=("$part")
  done
  ((${#failed[@]} == 0)) || die "These checks found something: ${failed[*]}"
  say "All checks passed."
}
