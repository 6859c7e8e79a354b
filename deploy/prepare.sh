#!/bin/sh
# Makes a fresh clone ready to run: Debian packages, npm packages, the build. Quick and offline where nothing is missing.
# Everything is said on stderr; stdout belongs to the program that runs afterwards.
#
# usage: prepare.sh [--test|--http]
#   --test  what only tests need, too: openssl, and protoc with its plugins for Python, Go and Java. Where Debian
#           packages are missing and cannot be installed, go on without what only the kernel and cluster tests need:
#           they are skipped without root anyway
#   --http  nginx and wrk too, which only the HTTP benchmark needs; nginx's own service is neither started nor enabled
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root"
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
service_policy=/usr/sbin/policy-rc.d

say() { printf 'prepare: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

main() {
  for_tests=no
  for_http=no
  case "${1:-}" in
    "") ;;
    --test) for_tests=yes ;;
    --http) for_http=yes ;;
    *) fail "Cannot use \"$1\": the only arguments are --test and --http" ;;
  esac
  check_node
  hold_lock
  # A run that was killed while it installed may have left it.
  release_services
  missing=$(missing_packages)
  [ -z "$missing" ] || install_packages "$missing"
  packages_installed || install_npm_packages
  if can_compile_bpf; then sh deploy/build.sh; else sh deploy/build.sh typescript; fi
}

check_node() {
  command -v node >/dev/null && command -v npm >/dev/null ||
    fail "Node.js >= 20.15 and < 24 with npm is needed and not on the PATH: see https://nodejs.org"
  node -e '
    var v = process.versions.node.split(".").map(Number);
    process.exit((v[0] > 20 || (v[0] === 20 && v[1] >= 15)) && v[0] < 24 ? 0 : 1);
  ' || fail "Node.js >= 20.15 and < 24 is needed: current version is $(node -v)"
}

# One run at a time. The lock is on this very file, so nothing is left behind.
hold_lock() {
  command -v flock >/dev/null || return 0
  exec 9<deploy/prepare.sh
  flock -n 9 || { say "waiting for another run to finish"; flock 9; }
}

# The Debian packages whose command or file is not there.
missing_packages() {
  need clang command -v clang
  need libbpf-dev test -e /usr/include/bpf/bpf_helpers.h
  need libbpf1 has_library libbpf.so.1
  need bpftool command -v bpftool
  need linux-libc-dev test -e /usr/include/linux/bpf.h
  need libc6-dev test -e /usr/include/stdlib.h
  need nats-server command -v nats-server
  need iproute2 command -v ip
  need util-linux command -v nsenter
  need procps command -v ps
  need gcc command -v gcc
  need g++ command -v g++
  need make command -v make
  need python3 command -v python3
  if [ "$for_tests" = yes ]; then
    need openssl command -v openssl
    need protobuf-compiler command -v protoc
    need protobuf-compiler-grpc command -v grpc_python_plugin
    need protobuf-compiler-grpc-java-plugin command -v grpc_java_plugin
    need protoc-gen-go command -v protoc-gen-go
    need protoc-gen-go-grpc command -v protoc-gen-go-grpc
    need python3-grpcio test -e /usr/lib/python3/dist-packages/grpc
    need python3-protobuf test -e /usr/lib/python3/dist-packages/google/protobuf
  fi
  if [ "$for_http" = yes ]; then
    need nginx command -v nginx
    need wrk command -v wrk
  fi
}

need() {
  package=$1
  shift
  "$@" >/dev/null 2>&1 || printf '%s ' "$package"
}

has_library() {
  for file in /usr/lib/"$1" /usr/lib/*/"$1" /usr/lib64/"$1" /lib/*/"$1"; do
    if [ -e "$file" ]; then return 0; fi
  done
  return 1
}

can_compile_bpf() {
  [ -z "$(need clang command -v clang
    need libbpf-dev test -e /usr/include/bpf/bpf_helpers.h
    need linux-libc-dev test -e /usr/include/linux/bpf.h
    need gcc command -v gcc
    need make command -v make
    need libc6-dev test -e /usr/include/stdlib.h)" ]
}

install_packages() {
  command_line="apt-get install --no-install-recommends ${1% }"
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    if [ "$for_tests" = yes ]; then
      say "not installed, so kernel and cluster tests cannot run: ${1% }"
      return 0
    fi
    if ! command -v apt-get >/dev/null; then
      fail "missing what these Debian packages bring, and there is no apt-get to install them: ${1% }"
    fi
    say "missing Debian packages; install them with"
    fail "  sudo $command_line"
  fi
  say "installing Debian packages: ${1% }"
  export DEBIAN_FRONTEND=noninteractive
  quietly apt-get -qq -o DPkg::Lock::Timeout=120 update || say "apt-get update failed; trying with the lists at hand"
  case " $1" in *" nginx "*) hold_services ;; esac
  # shellcheck disable=SC2086 # one word a package
  quietly apt-get -qq -y -o DPkg::Lock::Timeout=120 --no-install-recommends install $1 ||
    fail "Cannot install Debian packages: $command_line failed"
  release_services
  case " $1" in *" nats-server "*) stop_nats_service ;; esac
  case " $1" in *" nginx "*) disable_nginx_service ;; esac
  still_missing=$(missing_packages)
  [ -z "$still_missing" ] || fail "still missing after $command_line: ${still_missing% }"
}

# Shows what a command said only where it failed.
quietly() {
  if output=$("$@" 2>&1 </dev/null); then return 0; fi
  printf '%s\n' "$output" >&2
  return 1
}

# Debian's package starts a broker for everyone on port 4222. Augmenter starts its own on loopback, so undo that.
stop_nats_service() {
  if [ -d /run/systemd/system ]; then systemctl --quiet disable --now nats-server.service >&2 || true; fi
}

# Debian's nginx starts a web server on port 80 of all addresses while it is being installed. Nobody asked for one: the
# benchmark runs its own, in namespaces. Stopping it afterwards would come too late, so it never starts: as invoke-rc.d(8)
# and deb-systemd-invoke ask policy-rc.d, one that says "not allowed" (101) stands there during the installation. Where
# the machine has a policy of its own, that one decides.
hold_services() {
  if [ -e "$service_policy" ] || [ -L "$service_policy" ]; then return 0; fi
  trap release_services EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  printf '#!/bin/sh\n# Written by Augmenter'"'"'s prepare.sh; it removes it again.\nexit 101\n' >"$service_policy"
  chmod 755 "$service_policy"
}

# Removes the policy of hold_services(), and no other.
release_services() {
  if grep -qs "^# Written by Augmenter's prepare.sh" "$service_policy" && [ -w "$service_policy" ]; then
    rm -f "$service_policy"
  fi
}

# Nor does it start with the machine. A service that the machine's own policy let start is stopped.
disable_nginx_service() {
  if [ -d /run/systemd/system ]; then
    systemctl --quiet disable --now nginx.service >&2 || true
  elif command -v update-rc.d >/dev/null; then
    quietly invoke-rc.d nginx stop || true
    quietly update-rc.d nginx disable || true
  fi
}

# Whether node_modules is what package-lock.json says. npm writes the hidden lock file last, so an install that was
# broken off counts as none.
packages_installed() {
  node -e '
    var fs = require("fs");
    function read(path) { return JSON.parse(fs.readFileSync(path, "utf8")); }
    function same(a, b) { return JSON.stringify(a || {}) === JSON.stringify(b || {}); }
    try {
      var manifest = read("package.json");
      var wanted = read("package-lock.json").packages;
      var installed = read("node_modules/.package-lock.json").packages;
    } catch (error) { process.exit(1); }
    var root = wanted[""];
    var ok = same(manifest.dependencies, root.dependencies) && same(manifest.devDependencies, root.devDependencies);
    Object.keys(wanted).forEach(function (path) {
      if (path === "") return;
      var there = installed[path] && fs.existsSync(path);
      if (there ? installed[path].version !== wanted[path].version : !wanted[path].optional) ok = false;
    });
    Object.keys(installed).forEach(function (path) { if (!wanted[path]) ok = false; });
    process.exit(ok ? 0 : 1);
  '
}

install_npm_packages() {
  say "installing npm packages"
  # ffi-napi compiles against the headers that came with Node, where they did; otherwise node-gyp fetches them.
  prefix=$(node -p 'require("path").resolve(process.execPath, "../..")')
  if [ -z "${npm_config_nodedir:-}" ] && same_node_headers "$prefix/include/node/node_version.h"; then
    export npm_config_nodedir="$prefix"
  fi
  npm ci --include=dev --no-audit --no-fund --loglevel=error >&2 || fail "Cannot install npm packages: npm ci failed"
}

same_node_headers() {
  [ -e "$1" ] && grep -q "define NODE_MAJOR_VERSION $(node -p 'process.versions.node.split(".")[0]')\$" "$1"
}

main "$@"
