#!/usr/bin/env bash
# Installs what a build needs beside the Swift toolchain, on Debian and its relatives. Does nothing where all is there.
#   install-dependencies.sh             libraries and headers to build and run
#   install-dependencies.sh --test      also what the tests need: a mail server, what makes its certificate, curl, a cache, and what makes networks
#   install-dependencies.sh --postgres  also a PostgreSQL server, which is not started, for the tests on it
#   install-dependencies.sh --observability  also Debian's Prometheus, which is not started, for the tests of metrics: 20 MB to fetch, 100 MB on the disk
#   install-dependencies.sh --bench     also the clients of `hms-bench rest` and `hms-bench grpc`
#   install-dependencies.sh --browser   also a browser, for pages and for the client in it: 100 MB to fetch
#   install-dependencies.sh --failover  also what deploy/postgres/cluster runs: PostgreSQL, Patroni and etcd
#   install-dependencies.sh --generate  also what `make generate`, the sanitizers and the conformance suite need
#   install-dependencies.sh --grpc      also gRPC C++ and its compiler, to call the hospital by
#   install-dependencies.sh --kubernetes  also what deploy/kubernetes/rehearse needs beside PostgreSQL and kubectl, a cache among it
#   install-dependencies.sh --cache     also Debian's Redis, which is not started, for what is tried in containers
#   install-dependencies.sh --python    also Python with virtual environments, for the checks that take programs from PyPI
#   install-dependencies.sh --typescript  also Node and the compiler of TypeScript, for the client in it
set -euo pipefail

packages=()
have_library() { command -v pkg-config >/dev/null && pkg-config --exists "$1"; }
command -v pkg-config >/dev/null || packages+=(pkg-config)
have_library libprotobuf-c || packages+=(libprotobuf-c-dev)
have_library sqlite3 || packages+=(libsqlite3-dev)
have_library libpq || packages+=(libpq-dev)
have_library libcurl || packages+=(libcurl4-openssl-dev)
have_library hiredis || packages+=(libhiredis-dev)
have_library zlib || packages+=(zlib1g-dev)
if [[ ${1:-} == --test ]]; then
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || packages+=(python3 python3-aiosmtpd)
  command -v openssl >/dev/null || packages+=(openssl)
  command -v curl >/dev/null || packages+=(curl)
  command -v redis-server >/dev/null || packages+=(redis-server)
  command -v ip >/dev/null || packages+=(iproute2)
  command -v nft >/dev/null || packages+=(nftables)
fi
if [[ ${1:-} == --python ]]; then
  /usr/bin/env python3 -c 'import venv, ensurepip' 2>/dev/null || packages+=(python3 python3-venv)
fi
if [[ ${1:-} == --kubernetes ]]; then
  /usr/bin/python3 -c 'import yaml' 2>/dev/null || packages+=(python3 python3-yaml)
  command -v ip >/dev/null || packages+=(iproute2)
  command -v nft >/dev/null || packages+=(nftables)
  command -v redis-server >/dev/null || packages+=(redis-server)
  command -v unshare >/dev/null || packages+=(util-linux)
fi
if [[ ${1:-} == --cache ]]; then
  command -v redis-server >/dev/null || packages+=(redis-server)
fi
if [[ ${1:-} == --typescript ]]; then
  command -v node >/dev/null || packages+=(nodejs)
  command -v tsc >/dev/null || packages+=(node-typescript)
fi
if [[ ${1:-} == --postgres ]]; then
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
  command -v setpriv >/dev/null || packages+=(util-linux)
  command -v python3 >/dev/null || packages+=(python3)
  # Debian's packages make and start a server of their own, unless they are told not to.
  as_root=()
  ((EUID == 0)) || as_root=(sudo)
  if [[ " ${packages[*]} " == *' postgresql '* && ! -e /etc/postgresql-common/createcluster.conf ]]; then
    "${as_root[@]}" mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | "${as_root[@]}" tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
fi
if [[ ${1:-} == --observability ]]; then
  command -v promtool >/dev/null || packages+=(prometheus)
fi
if [[ ${1:-} == --bench ]]; then
  command -v wrk >/dev/null || packages+=(wrk)
  command -v h2load >/dev/null || packages+=(nghttp2-client)
fi
if [[ ${1:-} == --grpc ]]; then
  command -v g++ >/dev/null || packages+=(g++)
  command -v protoc >/dev/null || packages+=(protobuf-compiler)
  command -v grpc_cpp_plugin >/dev/null || packages+=(protobuf-compiler-grpc)
  have_library grpc++ || packages+=(libgrpc++-dev)
fi
if [[ ${1:-} == --browser ]]; then
  command -v chromium >/dev/null || packages+=(chromium)
fi
if [[ ${1:-} == --failover ]]; then
  compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || packages+=(postgresql)
  command -v patroni >/dev/null || packages+=(patroni)
  command -v etcd >/dev/null || packages+=(etcd-server)
  /usr/bin/python3 -c 'import etcd' 2>/dev/null || packages+=(python3-etcd)
  command -v curl >/dev/null || packages+=(curl)
fi
if [[ ${1:-} == --generate ]]; then
  command -v cc >/dev/null || packages+=(gcc libc6-dev)
  command -v protoc >/dev/null || packages+=(protobuf-compiler libprotobuf-dev)
  python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
fi
((${#packages[@]})) || exit 0

if ! command -v apt-get >/dev/null; then
  echo "Please install ${packages[*]}, or what your system calls them." >&2
  exit 1
fi
as_root=()
((EUID == 0)) || as_root=(sudo)
echo "Installing ${packages[*]}" >&2
# Debian starts a server that it has installed, unless this says no. What a machine has said itself stays.
policy=/usr/sbin/policy-rc.d
if [[ " ${packages[*]} " =~ ' prometheus '|' redis-server ' && ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee $policy >/dev/null
  "${as_root[@]}" chmod +x $policy
  trap '"${as_root[@]}" rm -f $policy' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq >&2
"${as_root[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}" >&2
