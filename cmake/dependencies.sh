# Everything FlipSync needs that is not in this checkout. Sourced by ./dev; needs `say`, `step` and
# `die` from there. What Debian carries comes from the machine's own apt sources; what it does not
# carry in this release goes into a cache outside the checkout, so that a fresh clone finds it.
#
# Each prefix in the cache appears by one rename, so an interrupted build leaves nothing behind that
# looks finished, and the second run needs neither apt nor a network.

readonly caf_version=0.18.7
readonly caf_sha256=d5c3abe8fd67a729aab1baeece10367637d903ba335f4c79378bcadfbcd34552
readonly needed_gigabytes=3

load_distribution() {
  [[ -r /etc/os-release ]] || return 0
  # shellcheck disable=SC1091
  . /etc/os-release
  distribution="${PRETTY_NAME:-unknown}"
  codename="${VERSION_CODENAME:-unknown}"
}

# Build, test and check tools have lists of their own, so that `./dev run` stays small.
base_packages() {
  local common="g++ lld bolt-19 cmake ninja-build pkg-config libsimdjson-dev libspdlog-dev libtomlplusplus-dev
    libcli11-dev libsqlite3-dev libcurl4-openssl-dev zlib1g-dev libhiredis-dev libjemalloc-dev libssl-dev openssl
    ca-certificates"
  case "$codename" in
    bookworm) echo $common libboost1.81-dev libboost-json1.81-dev ;;
    trixie) echo $common libboost-dev libboost-json-dev libcatch2-dev ;;
  esac
}

refuse_other_distributions() {
  case "$codename" in
    bookworm | trixie) return 0 ;;
  esac
  codename=trixie
  die "The set-up knows Debian 12 (bookworm) and Debian 13 (trixie); this is ${distribution}.
Install what these Debian packages contain by your own means:
  $(base_packages), BLAKE3, CAF >= 0.18
then tell the build where they are and that it need not look:
  FLIPSYNC_SKIP_DEPS=1 FLIPSYNC_CAF_ROOT=/path/to/caf CMAKE_PREFIX_PATH=/path/to/others ./dev build"
}

# Sets `as_root` to what has to stand before a command that needs root.
choose_root_prefix() {
  as_root=()
  ((EUID)) || return 0
  as_root=(sudo)
  command -v sudo >/dev/null || die "Installing packages needs root, and there is no sudo here. As root, run:
  apt-get update && apt-get install -y --no-install-recommends ${missing_packages[*]}
and then ./dev again; nothing else needs root."
}

is_installed() {
  [[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" == installed ]]
}

# Installs what is missing of the packages named; asks apt only if something is.
need_packages() {
  local package
  missing_packages=()
  for package in "$@"; do
    is_installed "$package" || missing_packages+=("$package")
  done
  ((${#missing_packages[@]})) || return 0
  need_disk_space "$cache"
  choose_root_prefix
  say "    installing ${#missing_packages[@]} packages: ${missing_packages[*]}"
  local log="$cache/apt.log"
  local apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600)
  # One of the machine's other sources may be broken while ours work, so the verdict is install's; but
  # then it need not try for minutes.
  if ! "${apt[@]}" update -o APT::Update::Error-Mode=any >"$log" 2>&1 </dev/null; then
    say "    apt-get update reported errors (see $log); trying with the lists that are there"
    apt+=(-o Acquire::Retries=0)
  fi
  "${apt[@]}" install -y --no-install-recommends "${missing_packages[@]}" >>"$log" 2>&1 </dev/null ||
    die_with_log "$log" "apt could not install: ${missing_packages[*]}
Is there a network, and do the machine's apt sources work? Try: apt-get update"
}

need_disk_space() {
  local free
  free=$(df -Pk "$1" | awk 'NR == 2 { print int($4 / 1048576) }')
  ((free >= needed_gigabytes)) || die "Only $free GB are free at $1; the set-up wants $needed_gigabytes GB.
Free some space, or put the cache elsewhere: FLIPSYNC_DEPS=/path/with/space ./dev …"
}

die_with_log() {
  local log=$1
  shift
  tail -n 15 "$log" >&2 || true
  die "$*
The whole log: $log"
}

# The archive this machine already uses, so that no host name has to be written here.
archive_address() {
  apt-get update --print-uris 2>/dev/null |
    sed -n "s|^'\(.*\)/dists/$codename/InRelease'.*|\1|p" | head -n 1
}

# scoped_apt SUITE deb|deb-src COMMAND…: apt against one extra suite, with lists, caches and sources
# of its own. The machine's sources stay untouched, and signatures and dates are checked as always.
scoped_apt() {
  local suite=$1 kind=$2
  shift 2
  local home="$work/apt-$suite" address
  if [[ ! -e "$home/apt.conf" ]]; then
    address=$(archive_address)
    [[ -n "$address" ]] || die "Found no apt source for '$codename' on this machine.
Add Debian's main archive to its apt sources and run ./dev again."
    mkdir -p "$home"/lists/partial "$home"/cache/archives/partial
    echo "$kind [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $address $suite main" \
      >"$home/sources.list"
    scoped_apt_configuration "$home" >"$home/apt.conf"
    apt-get -c "$home/apt.conf" update >"$cache/apt-$suite.log" 2>&1 </dev/null ||
      die_with_log "$cache/apt-$suite.log" "Could not read the suite '$suite' of this machine's Debian archive.
Is there a network?"
  fi
  apt-get -c "$home/apt.conf" "$@" >>"$cache/apt-$suite.log" 2>&1 </dev/null ||
    die_with_log "$cache/apt-$suite.log" "apt could not do '$*' from the suite '$suite'."
}

scoped_apt_configuration() {
  cat <<CONF
Dir::Etc::SourceList "$1/sources.list";
Dir::Etc::SourceParts "-";
Dir::State::Lists "$1/lists";
Dir::Cache "$1/cache";
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::Languages "none";
Acquire::GzipIndexes "true";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
CONF
}

# unpacked NAME SUITE PACKAGE…: packages of another suite, unpacked into the cache, not installed.
unpacked() {
  local name=$1 suite=$2
  shift 2
  [[ -d "$deps/$name/usr" ]] && return 0
  say "    fetching $* from $suite"
  mkdir -p "$work/debs" "$work/$name"
  (
    cd "$work/debs"
    scoped_apt "$suite" deb download "$@"
  ) || exit 1
  local file
  for file in "$work"/debs/*.deb; do
    dpkg-deb -x "$file" "$work/$name"
  done
  rm -r "$work/debs"
  publish "$work/$name" "$deps/$name"
}

# Debian carries BLAKE3's C sources inside a Rust package, in every release; four files make a library.
need_blake3() {
  [[ -e "$deps/blake3-c/lib/libblake3.a" ]] && return 0
  local log="$cache/blake3.log" out="$work/blake3-c"
  say "    building BLAKE3"
  mkdir -p "$work/debs" "$work/crate" "$out/include" "$out/lib"
  (
    cd "$work/debs"
    apt-get download -o APT::Sandbox::User=root librust-blake3-dev
  ) >"$log" 2>&1 </dev/null || die_with_log "$log" "apt could not fetch librust-blake3-dev.
Is there a network? If apt's lists are old, run: apt-get update"
  dpkg-deb -x "$work"/debs/librust-blake3-dev_*.deb "$work/crate"
  compile_blake3 "$work"/crate/usr/share/cargo/registry/blake3-*/c "$out" >>"$log" 2>&1 ||
    die_with_log "$log" "BLAKE3 could not be built."
  publish "$out" "$deps/blake3-c"
}

# The library chooses among the vector variants at run time, so each is compiled for its own.
compile_blake3() {
  local source=$1 out=$2 files=(blake3.c blake3_dispatch.c blake3_portable.c)
  case "$(uname -m)" in
    x86_64) files+=(blake3_{sse2,sse41,avx2,avx512}_x86-64_unix.S) ;;
    aarch64) files+=(blake3_neon.c) ;;
  esac
  (cd "$source" && gcc -O2 -fPIC -c "${files[@]}" && ar rcs "$out/lib/libblake3.a" ./*.o) &&
    cp "$source/blake3.h" "$out/include/"
}

publish() {
  rm -rf "$2"
  mv -T "$1" "$2"
}

# A CAF the user names or the system has wins over building one.
caf_root() {
  if [[ -n "${FLIPSYNC_CAF_ROOT:-}" ]]; then
    echo "$FLIPSYNC_CAF_ROOT"
    return 0
  fi
  local file
  for file in /usr/lib/*/cmake/CAF/CAFConfigVersion.cmake /usr/local/lib*/cmake/CAF/CAFConfigVersion.cmake; do
    [[ -r "$file" ]] && grep -Eq 'PACKAGE_VERSION "(0\.(1[89]|[2-9][0-9])|[1-9])' "$file" || continue
    echo "${file%/lib*/cmake/CAF/*}"
    return 0
  done
  echo "$deps/caf-$caf_version"
}

have_caf() {
  compgen -G "$1/lib*/cmake/CAF/CAFConfig.cmake" >/dev/null ||
    compgen -G "$1/lib*/*/cmake/CAF/CAFConfig.cmake" >/dev/null
}

need_caf() {
  local root
  root=$(caf_root)
  have_caf "$root" && return 0
  [[ -z "${FLIPSYNC_CAF_ROOT:-}" ]] ||
    die "FLIPSYNC_CAF_ROOT is $root, but there is no CAFConfig.cmake below it."
  build_caf "$root"
}

build_caf() {
  local log="$cache/caf.log" tarball="$work/actor-framework_$caf_version.orig.tar.gz"
  need_disk_space "$deps"
  say "    building CAF $caf_version from source, about 2 minutes (log: $log)"
  fetch_caf "$tarball"
  mkdir "$work/caf"
  tar -xzf "$tarball" -C "$work/caf" --strip-components 1
  configure_caf >"$log" 2>&1 </dev/null || die_with_log "$log" "CAF could not be configured. ${caf_hint}"
  cmake --build "$work/caf-build" --parallel "$(jobs_here)" >>"$log" 2>&1 </dev/null &&
    cmake --install "$work/caf-build" --prefix "$work/caf-inst" >>"$log" 2>&1 </dev/null ||
    die_with_log "$log" "CAF could not be built. ${caf_hint}"
  publish "$work/caf-inst" "$1"
}

# Apt's own downloader takes one file of the pool and checks it against our checksum; it needs no index
# of the suite that lists it. Where the archive is not addressed so (a list of mirrors), the index does.
fetch_caf() {
  local address
  address=$(archive_address)/pool/main/a/actor-framework/${1##*/}
  /usr/lib/apt/apt-helper download-file "$address" "$1" "SHA256:$caf_sha256" \
    >"$cache/caf-fetch.log" 2>&1 </dev/null && return 0
  (
    cd "$work"
    scoped_apt experimental deb-src source --tar-only "actor-framework=$caf_version-1~exp1"
  ) || die "CAF $caf_version could not be fetched. ${caf_hint}"
  echo "$caf_sha256  $1" | sha256sum --check --status ||
    die "The CAF tarball from the archive is not the one this project was tested with."
}

# Warnings of CAF are CAF's business (-w); one of its files forgets <cstdint>, which g++ 13 and later
# no longer forgive.
configure_caf() {
  cmake -S "$work/caf" -B "$work/caf-build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_CXX_STANDARD=20 -DCMAKE_CXX_STANDARD_REQUIRED=ON -DBUILD_SHARED_LIBS=OFF \
    -DCMAKE_POSITION_INDEPENDENT_CODE=ON -DCMAKE_CXX_FLAGS="-w -include cstdint -ffile-prefix-map=$work/caf=caf" \
    -DCAF_ENABLE_EXAMPLES=OFF -DCAF_ENABLE_TESTING=OFF -DCAF_ENABLE_TOOLS=OFF \
    -DCAF_ENABLE_IO_MODULE=ON -DCAF_ENABLE_OPENSSL_MODULE=ON
}

# One compiler can take a gigabyte; more of them than the memory holds make it slower, not faster.
jobs_here() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/^MemAvailable/ { print int($2 / 1048576) }' /proc/meminfo 2>/dev/null || echo 2)
  ((gigabytes >= 1)) || gigabytes=1
  echo $((cores < gigabytes ? cores : gigabytes))
}

# Sets `cache`, all that FlipSync keeps on this machine, and `deps`, the part for this compiler.
choose_cache() {
  cache="${FLIPSYNC_DEPS:-${XDG_CACHE_HOME:-$HOME/.cache}/flipsync}"
  mkdir -p "$cache" || die "Cannot create the cache $cache; name another: FLIPSYNC_DEPS=/path ./dev …"
  cache=$(cd "$cache" && pwd)
  # CMake looks there too, also when the path was given relative to another folder.
  export FLIPSYNC_DEPS="$cache"
  caf_hint="With a CAF >= 0.18 of your own: FLIPSYNC_CAF_ROOT=/path/to/it ./dev …"
}

choose_compiler_cache() {
  deps="$cache/$codename-g++$(g++ -dumpfullversion)"
  mkdir -p "$deps"
}

# Two set-ups at once would unpack over each other.
lock_cache() {
  exec {cache_lock}>"$cache/lock"
  flock --nonblock "$cache_lock" && return 0
  say "Another ./dev is setting up the dependencies; waiting for it"
  flock "$cache_lock"
}

need_dependencies() {
  load_distribution
  choose_cache
  [[ -z "${FLIPSYNC_SKIP_DEPS:-}" ]] || return 0
  refuse_other_distributions
  lock_cache
  step "System packages"
  # shellcheck disable=SC2046
  need_packages $(base_packages)
  choose_compiler_cache
  need_cached_parts
  exec {cache_lock}>&-
}

need_cached_parts() {
  rm -rf "$deps"/work.*
  work=$(mktemp -d "$deps/work.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  step "Catch2, BLAKE3"
  [[ "$codename" == trixie ]] || unpacked catch2 bookworm-backports libcatch2-dev
  need_blake3
  step "CAF"
  need_caf
  rm -rf "$work"
  trap - EXIT INT TERM HUP
}

# A node fit for the clients our integration tests drive; Debian 12's own is too old for them.
readonly node_major=20
readonly cached_node_major=22

node_is_fit() {
  local version
  version=$("$1" --version 2>/dev/null) && version=${version#v} && ((${version%%.*} >= node_major))
}

need_node() {
  local architecture=x64 home
  [[ "$(uname -m)" == aarch64 ]] && architecture=arm64
  if ! command -v npm >/dev/null || ! command -v node >/dev/null; then
    need_packages nodejs npm
  fi
  node_is_fit node && return 0
  home="$cache/node-$cached_node_major"
  local package="node-linux-$architecture"
  if ! node_is_fit "$home/node_modules/$package/bin/node"; then
    say "    fetching node $cached_node_major with npm (this Debian's is $(node --version))"
    rm -rf "$home"
    mkdir -p "$home"
    npm install --prefix "$home" --no-audit --no-fund "$package@$cached_node_major" \
      >"$cache/npm.log" 2>&1 </dev/null ||
      die_with_log "$cache/npm.log" "npm could not fetch node $cached_node_major. Is there a network?
A node >= $node_major first in PATH does as well."
  fi
  export PATH="$home/node_modules/$package/bin:$PATH"
}

# need_npm_packages FOLDER: what its lock file names; npm runs only when the lock file has changed.
need_npm_packages() {
  [[ -e "$1/package-lock.json" ]] || return 0
  need_node
  local stamp="$1/node_modules/.flipsync-installed"
  cmp -s "$1/package-lock.json" "$stamp" && return 0
  say "    installing the test clients with npm"
  npm ci --prefix "$1" --no-audit --no-fund >"$cache/npm.log" 2>&1 </dev/null ||
    die_with_log "$cache/npm.log" "npm could not install the test clients. Is there a network?"
  cp "$1/package-lock.json" "$stamp"
}

# The browser that the console's tests drive.
need_browser() {
  [[ -x "${FLIPSYNC_CHROMIUM:-/usr/bin/chromium}" ]] || need_packages chromium
}
