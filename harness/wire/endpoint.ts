/** TLS material, PEM. */
export type TlsMaterial = {
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  /** False accepts any server certificate (`--tls` without `--tlsverify`). */
  readonly verify: boolean
  readonly serverName?: string
}

/** Where a daemon listens, and how a connection to it is made. */
export type Endpoint =
  | { readonly kind: 'socket'; readonly path: string } // unix socket or Windows named pipe
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: TlsMaterial; readonly basePath?: string }
  | { readonly kind: 'command'; readonly argv: readonly [string, ...string[]] } // its stdin and stdout are the connection (ssh)

/** An endpoint for people, without secrets: what `--host` would say. */
export function describeEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case 'socket': return endpoint.path.startsWith('\\\\') ? `npipe://${endpoint.path.replaceAll('\\', '/')}` : `unix://${endpoint.path}`
    case 'tcp': return `${endpoint.tls ? 'https' : 'tcp'}://${authority(endpoint)}${endpoint.basePath ?? ''}${endpoint.tls?.verify === false ? ' (its certificate is not checked)' : ''}`
    case 'command': return endpoint.argv.join(' ')
  }
}

/** Host and port as a URL and a Host header have them: an IPv6 address in brackets. */
export function authority({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
