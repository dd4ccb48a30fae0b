/**
 * The command that makes an image a daemon, where its own does not: Podman's images start nothing by themselves.
 * @param port where the daemon is to listen, without TLS
 * @returns undefined where the image's own command is to run
 */
export function daemonCommand(image: string, port: number): string[] | undefined {
  // A whole part of the name: quay.io/podman/stable, example.org/podman:5, and no such thing as podman-exporter.
  return /(?:^|\/)podman(?:[/:@]|$)/.test(image) ? ['podman', 'system', 'service', '--time=0', `tcp://0.0.0.0:${port}`] : undefined
}
