# Roots of Debian releases that daemons run in: made once by debootstrap, and kept outside of the checkout. Sourced, not run.

roots=${XDG_CACHE_HOME:-$HOME/.cache}/plimsoll/roots
mirror=${PLIMSOLL_DEBIAN_MIRROR:-http://deb.debian.org/debian}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# Easily missed: without procps there is no /top, without nftables Podman 5 has no networks, without apparmor's parser nothing
# starts where the kernel has AppArmor, and without xz-utils no archive of that kind is taken.
packages=docker.io,tini,podman,netavark,aardvark-dns,runc,iptables,nftables,procps,apparmor,xz-utils,ca-certificates

# `need_root SUITE`: the root of a release in $roots/SUITE, made where it is not there yet.
need_root() {
  local suite=$1 key
  key="$mirror $packages"
  mkdir -p "$roots" || die "could not make the folder $roots: set XDG_CACHE_HOME to a folder that can be written to"
  # Two starts at once make it once.
  exec 9>"$roots/$suite.lock"
  flock 9 || die "could not lock $roots/$suite.lock"
  [ "$(cat "$roots/$suite/.plimsoll" 2>/dev/null)" = "$key" ] || make_root "$suite" "$key"
  exec 9>&-
}

make_root() {
  local suite=$1 key=$2
  need_commands debootstrap:debootstrap >&2
  [ -e $keyring ] || die "$keyring is missing: install the package debian-archive-keyring"
  echo "making a root of Debian $suite in $roots/$suite: some 300 MB to load, once" >&2
  unfinished=$(mktemp -d "$roots/.$suite-XXXXXX") || die "could not make a folder in $roots"
  chmod 755 "$unfinished"
  # In namespaces of its own, so that nothing it mounts or runs outlives it; in the background, so that a signal is heard at once.
  unshare --mount --pid --fork --kill-child debootstrap --variant=minbase --keyring=$keyring --force-check-gpg \
    --include="$packages" "$suite" "$unfinished" "$mirror" >"$unfinished.log" 2>&1 </dev/null 9>&- &
  bootstrap=$!
  wait $bootstrap || {
    tail -n 5 "$unfinished.log" >&2
    drop_unfinished_root
    die "debootstrap could not make a root of Debian $suite from $mirror, for the reason above: where packages are not found, name a mirror that has them in PLIMSOLL_DEBIAN_MIRROR, such as one of snapshot.debian.org"
  }
  bootstrap=
  rm -rf "$unfinished"/var/cache/apt/archives/*.deb "$unfinished"/var/lib/apt/lists/*
  echo "$key" >"$unfinished/.plimsoll"
  rm -rf "${roots:?}/$suite"
  mv "$unfinished" "$roots/$suite"
  rm -f "$unfinished.log"
  unfinished=
}

# What an interrupted make_root leaves.
unfinished= bootstrap=
drop_unfinished_root() {
  # With the first process of the PID namespace all others end, and unshare after them.
  [ -z "$bootstrap" ] || { pkill -9 -P "$bootstrap" && wait "$bootstrap"; } 2>/dev/null
  [ -z "$unfinished" ] || rm -rf "$unfinished" "$unfinished.log"
  unfinished= bootstrap=
}
