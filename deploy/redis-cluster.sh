#!/bin/sh
# Makes the Redis servers of NODES (host:port, separated by spaces) a cluster with a replica for each primary, where they are none yet.
set -eu

ask() { # HOST:PORT COMMAND…
  node=$1
  shift
  redis-cli -h "${node%:*}" -p "${node#*:}" "$@" 2>/dev/null
}

for node in $NODES; do
  until [ "$(ask "$node" ping)" = PONG ]; do sleep 1; done
done

first=${NODES%% *}
if ask "$first" cluster info | grep -q '^cluster_known_nodes:1'; then
  # shellcheck disable=SC2086 # one word a node
  redis-cli --cluster create $NODES --cluster-replicas 1 --cluster-yes
fi

for node in $NODES; do
  until ask "$node" cluster info | grep -q '^cluster_slots_ok:16384' &&
    ask "$node" info replication | grep -Eq '^(master_link_status:up|connected_slaves:[1-9])'; do sleep 1; done
done
echo 'the Redis Cluster serves every slot, and every primary has a replica'
