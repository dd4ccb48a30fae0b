#!/bin/sh
# Runs a command in the root of another release: `pivot.sh ROOT DIR COMMAND…`, in mount and PID namespaces of its own. What it writes
# outside of DIR lies in DIR/changes; the root stays as it is. By pivot_root, for in a chroot runc's exec lands in the machine's own root.
set -eu
root=$1 dir=$2
shift 2
mkdir "$dir/changes" "$dir/work" "$dir/top"
mount -t overlay overlay -o "lowerdir=$root,upperdir=$dir/changes,workdir=$dir/work" "$dir/top"
cd "$dir/top"
mount -t proc proc proc
# The machine's own would show the interfaces of the machine's network namespace.
mount -t sysfs sysfs sys
for tree in fs/cgroup kernel/security; do
  [ ! -d "/sys/$tree" ] || mount --rbind "/sys/$tree" "sys/$tree"
done
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mkdir -p ".$dir"
mount --bind "$dir" ".$dir"
pivot_root . mnt
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
umount -l /mnt
cd "$dir"
# Somebody has to collect the processes that containers leave.
exec tini -- "$@"
