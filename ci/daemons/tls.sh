# Certificates for a daemon on a TCP port of 127.0.0.1. Sourced, not run.

# `make_certificate DIR NAME [AUTHORITY [EXTENSION…]]`: DIR/NAME.pem and DIR/NAME-key.pem, signed by DIR/AUTHORITY.pem, or by itself.
make_certificate() {
  local dir=$1 name=$2 authority=${3:-} words=() extension
  [ -z "$authority" ] || words+=(-CA "$dir/$authority.pem" -CAkey "$dir/$authority-key.pem")
  for extension in "${@:4}"; do words+=(-addext "$extension"); done
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj "/CN=$name" \
    -out "$dir/$name.pem" -keyout "$dir/$name-key.pem" "${words[@]}" 2>"$dir/$name.log" || {
    cat "$dir/$name.log" >&2
    die "openssl could not make a certificate, for the reason above; it has to be OpenSSL 3 or newer"
  }
  rm "$dir/$name.log"
}

# `make_certificates DIR`: an authority, the server's certificate, and the client's by the names that docker looks for (DOCKER_CERT_PATH).
make_certificates() {
  mkdir -p "$1"
  make_certificate "$1" ca
  make_certificate "$1" server ca subjectAltName=IP:127.0.0.1,DNS:localhost extendedKeyUsage=serverAuth
  make_certificate "$1" client ca extendedKeyUsage=clientAuth
  mv "$1/client.pem" "$1/cert.pem"
  mv "$1/client-key.pem" "$1/key.pem"
}
