#!/usr/bin/env bash
# Inside a helper container: removes what one Berth has on the host outside of Docker (npm run reset).
set -u

while read -r device image; do
  case "$image" in "/var/lib/berth/$INSTANCE/"*) losetup --detach "$device" ;; esac
done < <(losetup --noheadings --output NAME,BACK-FILE)
rm -rf "/var/lib/berth/${INSTANCE:?}"
nft delete table inet "$TABLE" 2>/dev/null
# cgroup v1 has one tree per controller; folders are removed from the leaves up.
find /sys/fs/cgroup -depth -type d -path "*/${CGROUP:?}*" -exec rmdir {} \; 2>/dev/null
exit 0
