# Sourced, not run.

# `start_podman_recipe DIR [tls]`
start_podman_recipe() {
  [ -z "${2:-}" ] || die 'Podman has no --tls here: leave it out'
  start_podman "$1"
}

podman_address() {
  echo "DOCKER_HOST=unix://$1/podman.sock"
}
