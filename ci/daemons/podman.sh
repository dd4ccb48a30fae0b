# Sourced, not run.

# `start_podman_recipe DIR`
start_podman_recipe() {
  start_podman "$1"
}

podman_address() {
  echo "DOCKER_HOST=unix://$1/podman.sock"
}
