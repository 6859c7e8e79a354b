#!/bin/sh
# Builds dist/ from the sources. Each step is skipped where the contents of its sources have not changed.
#
# usage: build.sh [all|typescript|generate [directory]|generate-proto [directory]|generate-layout [directory]]
#   all              BPF objects, the testbed's C programs, TypeScript, links to the programs (the default)
#   typescript       all without what needs clang and gcc
#   generate         writes the generated sources, below the directory (default: this repository):
#                    generate-proto proto/gen, generate-layout node-agent/kernel/layout.gen.ts
set -eu

root=$(CDPATH= cd -- "$(dirname -- "$0")/.." && pwd)
# bpftool, which the layout generator calls, is where a user's PATH may not reach.
PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"

say() { printf 'build: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

main() {
  target=${1:-all}
  destination=$(CDPATH= cd -- "${2:-$root}" && pwd)
  cd "$root"
  [ -x node_modules/.bin/tsc ] || fail "npm packages are not installed: run npm ci"
  mkdir -p dist
  hold_lock
  case "$target" in
    all) build_bpf; build_testbed; build_typescript; link_programs ;;
    typescript) build_typescript; link_programs ;;
    generate) generate_proto; generate_layout ;;
    generate-proto) generate_proto ;;
    generate-layout) generate_layout ;;
    *) fail "Cannot build \"$target\": it must be all, typescript, generate, generate-proto or generate-layout" ;;
  esac
}

# One build at a time. The lock is on this very file, so nothing is left behind.
hold_lock() {
  command -v flock >/dev/null || return 0
  exec 8<deploy/build.sh
  flock -n 8 || { say "waiting for another build to finish"; flock 8; }
}

build_bpf() {
  ls bpf/*.bpf.c >/dev/null 2>&1 || return 0
  command -v clang >/dev/null || fail "clang is not installed: apt-get install clang libbpf-dev linux-libc-dev"
  stamp=$(clang --version | hash_with deploy/build.sh bpf/*.c bpf/*.h)
  if is_current dist/.bpf-stamp "$stamp" && objects_exist; then return 0; fi
  say "BPF programs"
  rm -rf dist/.bpf-stamp dist/bpf/*.bpf.o
  mkdir -p dist/bpf
  for source in bpf/*.bpf.c; do
    object=dist/bpf/$(basename "$source" .c).o
    clang -O2 -g -Wall -Wextra -Werror -target bpf -mcpu=v3 "-I/usr/include/$(uname -m)-linux-gnu" -Ibpf \
      -c "$source" -o "$object.new" >&2
    mv "$object.new" "$object"
  done
  printf '%s\n' "$stamp" >dist/.bpf-stamp
}

objects_exist() {
  for source in bpf/*.bpf.c; do
    [ -e "dist/bpf/$(basename "$source" .c).o" ] || return 1
  done
}

build_testbed() {
  [ -e test/testbed/Makefile ] || return 0
  mkdir -p dist/test/testbed
  make -s -C test/testbed "BUILD=$root/dist/test/testbed" >&2
}

build_typescript() {
  sources=$(find proto bpf node-agent aggregator common client cli deploy test -name '*.ts' 2>/dev/null | LC_ALL=C sort)
  # shellcheck disable=SC2086 # one word a file
  stamp=$(node -v | hash_with deploy/build.sh tsconfig.json package-lock.json $sources)
  if is_current dist/.typescript-stamp "$stamp"; then return 0; fi
  say "TypeScript"
  rm -f dist/.typescript-stamp
  node_modules/.bin/tsc -p tsconfig.json >&2 || return 1
  remove_orphans
  printf '%s\n' "$stamp" >dist/.typescript-stamp
}

# What tsc wrote for sources that are gone.
remove_orphans() {
  find dist -name '*.js' | while read -r script; do
    source=${script#dist/}
    [ -e "${source%.js}.ts" ] || rm -f -- "$script" "${script%.js}.d.ts"
  done
}

# npm links the programs of packages it installs, but not those of the package it stands in.
link_programs() {
  node -p 'Object.entries(require("./package.json").bin).map((entry) => entry.join(" ")).join("\n")' |
    while read -r name script; do
      if [ -e "$script" ]; then chmod +x "$script"; fi
      [ "$(readlink "node_modules/.bin/$name")" = "../../$script" ] || ln -sfn "../../$script" "node_modules/.bin/$name"
    done
}

generate_proto() {
  fresh=$(mktemp -d dist/generate.XXXXXX)
  # shellcheck disable=SC2046 # one word a file
  node_modules/.bin/proto-loader-gen-types --longs=Number --enums=String --defaults --oneofs \
    --grpcLib=@grpc/grpc-js --importFileExtension=.ts --outDir="$fresh" --includeDirs=proto \
    -- $(cd proto && find . -name '*.proto' | sed 's,^\./,,' | LC_ALL=C sort) >&2
  mkdir -p "$destination/proto"
  rm -rf "$destination/proto/gen"
  mv "$fresh" "$destination/proto/gen"
  chmod 755 "$destination/proto/gen"
}

# The layout comes out of the object's BTF. The generator is TypeScript itself, and imports no generated file: compile
# first, whatever tsc thinks of the layout that is about to be replaced.
generate_layout() {
  [ -e bpf/generate-layout.ts ] || return 0
  build_bpf
  build_typescript || say "generating in spite of the errors above"
  fresh=$(mktemp dist/generate.XXXXXX)
  node dist/bpf/generate-layout.js dist/bpf/augmenter.bpf.o >"$fresh"
  mkdir -p "$destination/node-agent/kernel"
  chmod 644 "$fresh"
  mv "$fresh" "$destination/node-agent/kernel/layout.gen.ts"
}

# A hash over stdin and the names and contents of the files.
hash_with() {
  { cat; sha256sum "$@"; } | sha256sum | cut -d' ' -f1
}

is_current() {
  [ -e "$1" ] && [ "$(cat "$1")" = "$2" ]
}

main "$@"
