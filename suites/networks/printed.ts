/** The addresses in what `interfaces` prints, beside those of the loopback and the link-local ones that IPv6 interfaces give themselves. */
export function addressesOf(interfaces: string): string[] {
  return interfaces.split('\n').flatMap((line) => {
    const [name, , addresses = ''] = line.split(' ')
    return name === '' || name === 'lo' || addresses === '' ? [] : addresses.split(',').filter((address) => !address.startsWith('fe80:'))
  })
}

/** The address of the default route in what /proc/net/route holds; undefined where there is none. */
export function defaultGateway(routes: string): string | undefined {
  const lines = routes.split('\n').map((line) => line.split('\t'))
  const route = lines.find(([, destination, , flags]) => destination === '00000000' && Number.parseInt(flags ?? '0', 16) % 2 === 1)
  // Hexadecimal, the last byte first.
  return route?.[2]?.match(/../g)?.reverse().map((byte) => Number.parseInt(byte, 16)).join('.')
}
