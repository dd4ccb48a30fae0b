import { networkInterfaces } from 'node:os'

/** The IPv4 addresses by which a daemon may reach servers of this process, the loopback first: there daemons trust a registry without TLS. */
export function ownAddresses(): string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.filter(({ family, internal }) => family === 'IPv4' && !internal).map(({ address }) => address))
  return ['127.0.0.1', ...own]
}
