# Sourced, not run.

# `start_docker_recipe DIR [tls]`
start_docker_recipe() {
  local dir=$1 certs=$1/certs options=()
  if [ -n "${2:-}" ]; then
    need_commands openssl:openssl >&2
    make_certificates "$certs"
    options=(-H tcp://127.0.0.1:2376 --tlsverify --tlscacert "$certs/ca.pem" --tlscert "$certs/server.pem" --tlskey "$certs/server-key.pem")
  fi
  # Else 1.24 and 1.25 are refused by newer ones; 20.10 doesn't look at it.
  export DOCKER_MIN_API_VERSION=1.24
  start_docker "$dir" "${options[@]}"
}

# What a client has to know, as docker's own variables.
docker_address() {
  if [ -d "$1/certs" ]; then
    printf '%s\n' DOCKER_HOST=tcp://127.0.0.1:2376 DOCKER_TLS_VERIFY=1 "DOCKER_CERT_PATH=$1/certs"
  else
    echo "DOCKER_HOST=unix://$1/docker.sock"
  fi
}
