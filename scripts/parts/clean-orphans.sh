#!/usr/bin/env bash
# Inside a helper container, after tests: removes the firewall tables and cgroup folders of Berths of which the
# Docker Engine knows nothing any more. TAGS are those of the Berths that exist, a space between.
set -u

is_known() { [[ " $TAGS " == *" $1 "* ]]; }

nft list tables | sed -n 's/^table inet berth_\([0-9a-f]\{4\}\)$/\1/p' | while read -r tag; do
  is_known "$tag" || { echo "table berth_$tag"; nft delete table inet "berth_$tag"; }
done
find /sys/fs/cgroup -depth -type d -path '*/berth-[0-9a-f][0-9a-f][0-9a-f][0-9a-f]*' 2>/dev/null | while read -r folder; do
  tag=$(sed 's#.*/berth-\([0-9a-f]\{4\}\).*#\1#' <<<"$folder")
  is_known "$tag" || rmdir "$folder" 2>/dev/null
done
exit 0
