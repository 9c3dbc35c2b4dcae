#!/usr/bin/env bash
# Writes cmake/code_profile.yaml: how often the program runs through which of its blocks of code in turns and proxied
# calls, whole and streamed, over every door, as the benchmarks drive them. By it the code is laid out after linking
# (docs/adr/0026). Wants a finished `./dev build` on x86-64; takes about three minutes. A profile that no longer fits costs
# speed and nothing else, so once in a while is enough; after it, `./dev build` lays the program out anew.
set -euo pipefail

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
build="$root/build/release"

die() {
  echo "code_profile.sh: $*" >&2
  exit 3
}

# The optimizer finds its own files beside the place where it really is.
find_bolt() {
  local name
  for name in llvm-bolt-19 llvm-bolt; do
    bolt=$(command -v "$name") && bolt=$(readlink -f "$bolt") && return 0
  done
  die "there is no llvm-bolt here (apt-get install bolt-19)"
}

# counted BENCH ARGUMENT…: the figures of these runs say nothing, a counted program is slower.
counted() {
  echo "    $*" >&2
  "$build/$1" "$scratch/counted" "${@:2}" >/dev/null || true
}

# Keeps the functions that at least every twentieth turn runs through, with counts for a thousand turns, without what
# happens less than once in them, and a block a line.
condense() {
  awk '
    function number(field,   value) {
      if (!match(text, field ": +[0-9]+")) return 0
      value = substr(text, RSTART, RLENGTH)
      sub(/.*: +/, "", value)
      return value + 0
    }
    function scaled(count) { return int(count * scale + 0.5) }
    # A list without what is too rare, and without calls of functions that are left out.
    function list(line,   items, n, i, out, count, callee) {
      sub(/^[^[]*\[ */, "", line)
      sub(/ *\] *$/, "", line)
      n = split(line, items, /\}, *\{/)
      for (i = 1; i <= n; ++i) {
        gsub(/[{}]|, mis: [0-9]+/, "", items[i])
        gsub(/^ +| +$/, "", items[i])
        count = callee = items[i]
        sub(/.*cnt: */, "", count)
        if (scaled(count) == 0) continue
        sub(/.*fid: */, "", callee)
        if (items[i] ~ /fid: / && !(callee + 0 in kept)) continue
        sub(/cnt: *[0-9]+/, "cnt: " scaled(count), items[i])
        if (items[i] ~ /^bid: /) reached[substr(items[i], 6) + 0] = 1
        out = out (out == "" ? "" : ", ") "{ " items[i] " }"
      }
      return out
    }
    function end_function(   i) {
      if (!on) return
      printf "%s", head
      for (i = 1; i <= blocks; ++i)
        if (full[i] || id[i] in reached) print "      - { " block[i] " }"
      on = blocks = 0
      split("", reached)
      split("", full)
    }
    # A list goes on over the lines until its bracket is closed.
    { text = open ? text $0 : $0 }
    text ~ /\[/ && text !~ /\]/ { open = 1; next }
    { open = 0 }
    FNR == 1 { ++pass; in_functions = 0 }
    text ~ /^functions:/ {
      in_functions = 1
      if (pass == 1) next
      if (turns < 100) exit 1
      scale = 1000 / turns
      for (fid in hottest) if (hottest[fid] * 20 >= turns) kept[fid + 0] = 1
      print
      next
    }
    !in_functions && pass == 2 && text !~ /binary-build-id:/ {
      if (text ~ /binary-name/) text = "  binary-name: flipsync"
      print text
    }
    !in_functions { next }
    pass == 1 {
      if (text ~ /^  - name:/) name = text
      if (text ~ /^    fid:/) fid = number("fid")
      if (name ~ /_ZN8flipsync10turn_guard3endE/ && text ~ /^    exec:/) turns += number("exec")
      if (number("exec") > hottest[fid]) hottest[fid] = number("exec")
      while (match(text, /cnt: [0-9]+/)) {
        count = substr(text, RSTART + 5, RLENGTH - 5) + 0
        if (count > hottest[fid]) hottest[fid] = count
        text = substr(text, RSTART + RLENGTH)
      }
      next
    }
    text ~ /^  - name:/ { end_function(); head = text "\n"; next }
    text ~ /^    fid:/ { on = number("fid") in kept }
    text ~ /^\.\.\.$/ { end_function(); print }
    !on { next }
    text ~ /^    exec:/ { text = "    exec: " scaled(number("exec")) }
    text ~ /^    [a-z]/ { head = head text "\n"; next }
    text ~ /^      - bid:/ { block[++blocks] = "bid: " number("bid"); id[blocks] = number("bid"); next }
    text ~ /^        (insns|hash):/ { gsub(/^ +|: +/, " ", text); split(text, pair, " "); block[blocks] = block[blocks] ", " pair[1] ": " pair[2]; next }
    text ~ /^        exec:/ && scaled(number("exec")) > 0 { full[blocks] = 1; block[blocks] = block[blocks] ", exec: " scaled(number("exec")); next }
    text ~ /^        (calls|succ):/ {
      items = list(text)
      if (items == "") next
      full[blocks] = 1
      block[blocks] = block[blocks] ", " (text ~ /calls:/ ? "calls" : "succ") ": [ " items " ]"
    }
    END { if (turns < 100) exit 1 }' "$1" "$1" | sed -E 's/^( *(- )?[a-z-]+:) +/\1 /'
}

main() {
  local fresh
  find_bolt
  [[ -x "$build/turn_bench" && -x "$build/flipsync.linked" ]] ||
    die "there is no $build/flipsync.linked; ./dev build makes it"
  scratch=$(mktemp -d)
  trap 'rm -rf "$scratch"' EXIT
  "$bolt" "$build/flipsync.linked" -instrument -o "$scratch/flipsync" -instrumentation-file="$scratch/counts" \
    -instrumentation-file-append-pid >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; die "the program could not be instrumented"; }
  # What an import runs through is of no interest here.
  cat >"$scratch/counted" <<EOF
#!/bin/sh
[ "\$1" = serve ] && exec "$scratch/flipsync" "\$@"
exec "$build/flipsync" "\$@"
EOF
  chmod +x "$scratch/counted"
  counted turn_bench "$root/config/sample" --quick --only=added
  counted turn_bench "$root/config/sample" --quick --only=load
  counted turn_bench "$root/config/sample" --quick --only=users
  counted turn_bench "$root/config/sample" --quick --only=fan-out
  counted facade_bench --quick
  counted cache_bench --quick
  counted gateway_bench "$root/config/sample" --quick
  counted ws_bench "$root/config/sample" --quick
  "$(dirname "$bolt")/merge-fdata" "$scratch"/counts.*.fdata >"$scratch/all.fdata" 2>"$scratch/log"
  "$bolt" "$build/flipsync.linked" -o /dev/null -data="$scratch/all.fdata" -w "$scratch/all.yaml" >"$scratch/log" 2>&1
  fresh=$(condense "$scratch/all.yaml") || die "too few turns were counted"
  (($(grep -c '^  - name:' <<<"$fresh") >= 500)) || die "too few functions were counted"
  printf '%s\n' "$fresh" >"$root/cmake/code_profile.yaml"
  wc "$root/cmake/code_profile.yaml"
}

main "$@"
