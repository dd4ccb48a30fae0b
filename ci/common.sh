# Shared by the scripts of this folder: installs what they need, nothing that is there already. Sourced, not run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 2
}

# Debian packages, by the command that each brings: `need_commands dockerd:docker.io iptables:iptables`
need_commands() {
  local missing=() pair
  for pair in "$@"; do
    PATH=$PATH:/usr/sbin:/sbin command -v "${pair%%:*}" >/dev/null || missing+=("${pair#*:}")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || die "install these packages first: ${missing[*]}"
  echo "installing ${missing[*]}"
  # Their own service must not start: the daemons here are private ones.
  local policy=/usr/sbin/policy-rc.d made=
  [ -e $policy ] || { printf '#!/bin/sh\nexit 101\n' >$policy && chmod +x $policy && made=1; }
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  local status=$?
  [ -z "$made" ] || rm -f $policy
  [ $status = 0 ] || die "apt-get could not install ${missing[*]}"
}

# `fetch_packages COMMAND …`: npm, which has been seen to wait for a registry without end; what takes ten minutes is begun once more.
fetch_packages() {
  local try status
  for try in 1 2; do
    timeout --foreground --kill-after=10 600 npm "$@" --no-audit --no-fund --loglevel=error && return 0
    status=$?
    [[ $status = 124 || $status = 137 ]] && [ "$try" = 1 ] || return 1
    echo 'npm did not end within ten minutes: trying once more' >&2
  done
}

# Node as package.json asks for it, and the packages of the lock file: none of them needs the script that it would run.
need_node() {
  command -v npm >/dev/null || die 'npm is missing: install Node 20 or newer with npm'
  cd "$root" || exit 2
  if ! new_enough node; then
    local own=$root/.cache/node
    new_enough "$own/node_modules/.bin/node" || fetch_packages install --prefix "$own" --no-save --no-package-lock node@24 >/dev/null ||
      die 'could not install a newer Node beside this one'
    PATH=$own/node_modules/.bin:$PATH
  fi
  if ! cmp -s package-lock.json node_modules/.plimsoll-lock; then
    fetch_packages ci --ignore-scripts || die 'npm ci failed'
    cp package-lock.json node_modules/.plimsoll-lock
  fi
  PATH=$root/node_modules/.bin:$PATH
  export PATH
}

# Allure's own program, for the reports that `npm run allure` makes: of many packages, and kept apart from what the suite itself needs.
need_allure() {
  local version=3.18.0 own=$root/.cache/allure
  [ "$(cat "$own/version" 2>/dev/null)" = "$version" ] && return 0
  fetch_packages install --prefix "$own" --no-save --no-package-lock "allure@$version" >/dev/null || die 'could not install Allure'
  echo "$version" >"$own/version"
}

new_enough() {
  "$1" -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 19) ? 0 : 1)' 2>/dev/null
}

# Waits until a daemon answers on a socket: `await_socket SOCKET PID LOG`
await_socket() {
  local tries
  for tries in $(seq 300); do
    curl -sf --max-time 5 --unix-socket "$1" http://daemon/_ping >/dev/null 2>&1 && return 0
    kill -0 "$2" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$3" >&2
  die "the daemon does not answer on $1; the last lines of its log stand above"
}

# A network namespace of its own, so that bridges and iptables rules meet nobody else's.
make_netns() {
  ip netns add "$1" && nsenter --net="/var/run/netns/$1" sh -c 'ip link set lo up && echo 1 >/proc/sys/net/ipv4/ip_forward'
}

# What starts a daemon elsewhere than in this machine's own root, and that root: ci/daemons has some.
daemon_launcher=()
daemon_root=/

# `wrap_runc DIR`: a runc in DIR that works where this machine lacks CAP_SYS_RESOURCE. It takes the capability out of what a
# privileged container is to have, for runc can't give what nobody has. Where nothing is lacking there is no DIR.
wrap_runc() {
  local held
  held=$(awk '/^CapBnd:/ { print $2 }' /proc/self/status)
  [ $((0x$held >> 24 & 1)) = 0 ] || return 0
  mkdir -p "$1"
  cat >"$1/runc" <<WRAPPER
#!/bin/sh
# Containers are described in config.json of the bundle, execs in the file of --process.
option= file=
for argument; do
  case \$option in
    --bundle) file=\$argument/config.json ;;
    --process) file=\$argument ;;
  esac
  option=\$argument
done
[ -z "\$file" ] || sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "\$file"
exec $(chroot "$daemon_root" sh -c 'command -v runc') "\$@"
WRAPPER
  chmod +x "$1/runc"
}

# `start_docker DIR [OPTION…]`: a private dockerd, with further options of its own; its socket is DIR/docker.sock
start_docker() {
  local dir=$1 netns=plimsoll-$(basename "$1")
  mkdir -p "$dir" && make_netns "$netns" || die 'could not make a network namespace for a private daemon'
  echo '{}' >"$dir/daemon.json"
  # Real-time budgets are for daemons that own some; not every kernel has them.
  local realtime=()
  [ ! -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ] || realtime=(--cpu-rt-period 1000000 --cpu-rt-runtime 100000)
  wrap_runc "$dir/bin"
  # The label is for the answers that have those of their daemon.
  # For every container and archive, dockerd starts itself again, and would collect garbage in a process that ends at once: a tenth of a run's time.
  GOGC=400 PATH=$dir/bin:$PATH nsenter --net="/var/run/netns/$netns" "${daemon_launcher[@]}" dockerd "${realtime[@]}" -H "unix://$dir/docker.sock" --data-root "$dir/data" --exec-root "$dir/exec" \
    --pidfile "$dir/docker.pid" --config-file "$dir/daemon.json" --label plimsoll.daemon=private "${@:2}" >"$dir/log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  await_socket "$dir/docker.sock" "$(cat "$dir/pid")" "$dir/log"
}

# `start_podman DIR`: a private Podman service; its socket is DIR/podman.sock
start_podman() {
  local dir=$1 netns=plimsoll-$(basename "$1")
  mkdir -p "$dir" && make_netns "$netns" || die 'could not make a network namespace for a private daemon'
  cat >"$dir/containers.conf" <<'CONF'
[containers]
default_ulimits = ["nofile=20000:20000", "nproc=32768:32768"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
[network]
network_backend = "netavark"
CONF
  # In its own folder: where a container runs out of memory, conmon drops a file named "oom" into the folder that Podman was started in.
  (
    cd "$dir" && CONTAINERS_CONF=$dir/containers.conf exec nsenter --net="/var/run/netns/$netns" "${daemon_launcher[@]}" podman --root "$dir/root" --runroot "$dir/run" \
      --tmpdir "$dir/tmp" system service --time=0 "unix://$dir/podman.sock"
  ) >"$dir/log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  await_socket "$dir/podman.sock" "$(cat "$dir/pid")" "$dir/log"
}

# `start_registry DIR NETNS USER PASSWORD`: a private registry on 127.0.0.1:5000 of a daemon's network namespace, which lets in this user.
start_registry() {
  local dir=$1 netns=$2 tries
  mkdir -p "$dir"
  # bcrypt, the only hash that the registry takes; its salt is no secret here.
  perl -e 'print "$ARGV[0]:", crypt($ARGV[1], "\$2y\$05\$plimsollplimsollplimsu"), "\n"' "$3" "$4" >"$dir/htpasswd"
  cat >"$dir/config.yml" <<CONFIG
version: 0.1
storage: { filesystem: { rootdirectory: $dir/data } }
http: { addr: 127.0.0.1:5000 }
auth: { htpasswd: { realm: plimsoll, path: $dir/htpasswd } }
CONFIG
  nsenter --net="/var/run/netns/$netns" docker-registry serve "$dir/config.yml" >"$dir/log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  for tries in $(seq 100); do
    nsenter --net="/var/run/netns/$netns" curl -sf --max-time 5 -u "$3:$4" http://127.0.0.1:5000/v2/ >/dev/null && return 0
    kill -0 "$(cat "$dir/pid")" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$dir/log" >&2
  die 'the registry does not let its user in; the last lines of its log stand above'
}

# `stop_daemon DIR`: stops what start_docker, start_podman or start_registry began, and removes its folder.
stop_daemon() {
  local dir=$1
  [ -e "$dir/pid" ] || return 0
  end_process "$(cat "$dir/pid")"
  # What a daemon that was killed has left: its containerd, shims and mounts lie below its own folder.
  pkill -9 -f -- "$dir/" 2>/dev/null
  remove_daemon "$dir"
}

# `end_process PID`: asks it to end, and makes it where it does not
end_process() {
  kill "$1" 2>/dev/null
  for _ in $(seq 150); do kill -0 "$1" 2>/dev/null || return 0; sleep 0.1; done
  kill -9 "$1" 2>/dev/null
}

# `remove_daemon DIR`: the mounts, the cgroups, the network namespace and the folder of a daemon that runs no more
remove_daemon() {
  local dir=$1 mount ids
  awk -v dir="$dir/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo | sort -r | while read -r mount; do umount -l "$mount"; done
  # The cgroups of containers outlive them where nobody was left to remove them; they bear the containers' ids.
  ids=$(find "$dir"/data/containers "$dir"/root/*-containers -mindepth 1 -maxdepth 1 -type d -printf '%f\n' 2>/dev/null | grep -xE '[0-9a-f]{64}')
  [ -z "$ids" ] || find /sys/fs/cgroup -depth -type d | grep -F -- "$ids" | xargs -r rmdir
  ip netns delete "plimsoll-$(basename "$dir")" 2>/dev/null
  rm -rf "$dir"
}
