/** A block of 16 IPv4 addresses. */
export type Subnet = {
  /** `198.18.3.32/28` */
  readonly cidr: string
  /** The address at a place in the block, 0 to 15. */
  at(place: number): string
}

/** Where subnets are taken from: 198.18.0.0/15, set aside by RFC 2544 for tests, routed nowhere. */
const pool = { first: toNumber('198.18.0.0'), size: 2 ** 17 }
const blockSize = 16

/**
 * A subnet of the test range that overlaps with none of those taken. Which one is left to chance, so that cases that
 * look at the same moment rarely choose the same.
 * @param taken subnets in CIDR notation; what is no IPv4 subnet is passed over
 * @returns undefined where none is free
 */
export function freeSubnet(taken: readonly string[], random: () => number = Math.random): Subnet | undefined {
  const ranges = taken.flatMap((cidr) => rangeOf(cidr) ?? [])
  const blocks = pool.size / blockSize
  const start = Math.floor(random() * blocks)
  for (let step = 0; step < blocks; step++) {
    const first = pool.first + ((start + step) % blocks) * blockSize
    const last = first + blockSize - 1
    if (ranges.every((range) => range.last < first || range.first > last)) return { cidr: `${toText(first)}/28`, at: (place) => toText(first + place) }
  }
  return undefined
}

/** An IPv6 subnet of 2^64 addresses among the unique local ones (RFC 4193), by chance out of 2^32. */
export function privateSubnet6(random: () => number = Math.random): { readonly cidr: string; at(place: number): string } {
  const group = () => (1 + Math.floor(random() * 0xfffe)).toString(16)
  const prefix = `fd70:6c69:${group()}:${group()}`
  return { cidr: `${prefix}::/64`, at: (place) => `${prefix}::${place.toString(16)}` }
}

/** Whether an IPv4 address lies in a subnet; false where either is none. */
export function inSubnet(address: string, cidr: string): boolean {
  const range = rangeOf(cidr)
  const single = rangeOf(`${address}/32`)
  return range !== undefined && single !== undefined && range.first <= single.first && single.last <= range.last
}

function rangeOf(cidr: string): { readonly first: number; readonly last: number } | undefined {
  const [address, length, ...rest] = cidr.split('/')
  const valid = rest.length === 0 && /^\d{1,3}(\.\d{1,3}){3}$/.test(address ?? '') && /^\d{1,2}$/.test(length ?? '') && Number(length) <= 32
  if (!valid || address === undefined || address.split('.').some((part) => Number(part) > 255)) return undefined
  const size = 2 ** (32 - Number(length))
  const first = Math.floor(toNumber(address) / size) * size
  return { first, last: first + size - 1 }
}

function toNumber(address: string): number {
  return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0)
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.')
}
