// Test support: what a daemon may send as an archive that wishes us ill.
import { endless, whole, type HostileAnswer } from './hostile-answers.ts'
import { ending, extendedHeader, headerBlock, padded, paxRecord, sizeField } from './tar-blocks.ts'

/** An archive, and what the reader makes of it: its names, or the error's message. */
export type HostileTar = {
  readonly name: string
  readonly bytes: Buffer
  /** Follows the bytes for ever. */
  readonly endless?: Buffer
  /** What becomes of it, read to its end; of one without an end, of any beginning. */
  readonly expected: readonly string[] | RegExp
}

const petabytes = 2 ** 53 - 1
/** A number in base 256, as GNU writes what octal has no room for. */
const base256 = (value: bigint) => `\x80${Buffer.from(value.toString(16).padStart(22, '0'), 'hex').toString('latin1')}`
const file = (name: string, more: Readonly<Record<number, string>> = {}) => headerBlock({ 0: name, ...more })
const of = (...parts: Buffer[]) => Buffer.concat(parts)
/** So much of it at once that an endless archive is no matter of how fast this side writes. */
const many = (part: Buffer) => Buffer.concat(Array.from<Buffer>({ length: Math.ceil(16_384 / part.byteLength) }).fill(part))
/** Records with keywords of their own, of some 64 KiB. */
const manyRecords = Array.from({ length: 4_000 }, (_, index) => paxRecord(`k${index}`, 'v')).join('')

/** Archives whose names and links lead outwards: they are read as they are, since nothing is ever unpacked. */
const outwards: readonly HostileTar[] = [
  { name: 'names that climb out', bytes: of(file('../../../../tmp/plimsoll-owned', { 124: sizeField(1) }), padded('x'), file('a/../../b'), ending), expected: ['../../../../tmp/plimsoll-owned', 'a/../../b'] },
  { name: 'names from the root on', bytes: of(file('/tmp/plimsoll-owned', { 124: sizeField(1) }), padded('x'), file('//etc/passwd'), ending), expected: ['/tmp/plimsoll-owned', '//etc/passwd'] },
  { name: 'a name from the root on in a PAX record', bytes: of(extendedHeader('x', paxRecord('path', '/tmp/plimsoll-owned')), file('meek'), ending), expected: ['/tmp/plimsoll-owned'] },
  { name: 'a name from the root on as GNU writes long ones', bytes: of(extendedHeader('L', '/tmp/plimsoll-owned\0'), file('meek'), ending), expected: ['/tmp/plimsoll-owned'] },
  {
    name: 'a symlink that leads outwards, and a file through it',
    bytes: of(file('way', { 156: '2', 157: '/tmp' }), file('way/plimsoll-owned', { 124: sizeField(1) }), padded('x'), ending),
    expected: ['way', 'way/plimsoll-owned'],
  },
  { name: 'a hard link that leads outwards', bytes: of(file('way', { 156: '1', 157: '../../../../etc/passwd' }), file('way', { 124: sizeField(1) }), padded('x'), ending), expected: ['way', 'way'] },
  { name: 'devices and a fifo', bytes: of(file('disk', { 156: '4', 329: '0000010\0' }), file('memory', { 156: '3', 329: '0000001\0', 337: '0000001\0' }), file('fifo', { 156: '6' }), ending), expected: ['disk', 'memory', 'fifo'] },
]

const sizes: readonly HostileTar[] = [
  { name: 'a sparse file of GNU, of petabytes', bytes: of(file('hole', { 156: 'S', 257: 'ustar  \0', 386: '00000000000\0', 398: '00000000000\0', 483: base256(2n ** 50n) }), ending), expected: /unknown type|behind its last field/ },
  {
    name: 'a sparse file of PAX, of petabytes',
    bytes: of(extendedHeader('x', paxRecord('GNU.sparse.major', '1') + paxRecord('GNU.sparse.realsize', String(petabytes))), file('hole', { 124: sizeField(512) }), padded(`1\n${petabytes}\n0\n`), ending),
    expected: ['hole'],
  },
  { name: 'a size of petabytes in base 256', bytes: of(file('huge', { 124: base256(2n ** 50n) }), padded('x'), ending), expected: /breaks off in the middle of the content/ },
  { name: 'a size of petabytes in a PAX record', bytes: of(extendedHeader('x', paxRecord('size', String(petabytes))), file('huge'), padded('x')), expected: /breaks off in the middle of the content/ },
  { name: 'a size beyond what comes', bytes: of(file('short', { 124: sizeField(100_000) }), padded('x'), ending), expected: /breaks off in the middle of the content/ },
  { name: 'a size below zero in base 256', bytes: of(file('less', { 124: '\xff'.repeat(12) }), ending), expected: /size is -1/ },
  { name: 'a size below zero in octal', bytes: of(file('less', { 124: '-0000000001\0' }), ending), expected: /no octal number/ },
  { name: 'a size below zero in a PAX record', bytes: of(extendedHeader('x', paxRecord('size', '-512')), file('less'), ending), expected: /no number for it/ },
  { name: 'a size beyond 2^64', bytes: of(file('more', { 124: base256(2n ** 80n) }), ending), expected: /beyond what any file has/ },
  { name: 'a size beyond 2^64 in a PAX record', bytes: of(extendedHeader('x', paxRecord('size', '9'.repeat(400))), file('more'), ending), expected: /no number for it/ },
  { name: 'a size that is no number', bytes: of(file('what', { 124: '0x7fffffff \0' }), ending), expected: /no octal number/ },
  { name: 'an extended header of petabytes', bytes: of(file('ahead', { 124: base256(2n ** 50n), 156: 'x' })), endless: many(Buffer.alloc(512, 'x')), expected: /announces/ },
]

const headers: readonly HostileTar[] = [
  { name: 'a wrong checksum', bytes: of(file('a', { 148: '000001\0 ' }), ending), expected: /checksum is 1/ },
  { name: 'a checksum that is no number', bytes: of(file('a', { 148: 'garbage ' }), ending), expected: /checksum/ },
  { name: 'records whose length is too small', bytes: of(extendedHeader('x', '3 path=b\n'), file('a'), ending), expected: /PAX record/ },
  { name: 'records whose length is too large', bytes: of(extendedHeader('x', '9999 path=b\n'), file('a'), ending), expected: /the header ends before/ },
  { name: 'records whose length is zero', bytes: of(extendedHeader('x', '0 path=b\n'), file('a'), ending), expected: /does not begin with its length/ },
  { name: 'records whose length is below zero', bytes: of(extendedHeader('x', '-9 path=b\n'), file('a'), ending), expected: /does not begin with its length/ },
  { name: 'records whose length is endless', bytes: of(extendedHeader('x', '9'.repeat(100_000)), file('a'), ending), expected: /does not begin with its length/ },
  {
    name: 'keys of the prototype in records',
    bytes: of(extendedHeader('g', paxRecord('__proto__', 'owned') + paxRecord('constructor', 'owned')), extendedHeader('x', paxRecord('__proto__', 'owned') + paxRecord('toString', 'owned') + paxRecord('hasOwnProperty', 'owned')), file('a'), ending),
    expected: ['a'],
  },
  { name: 'a name of 1 MiB', bytes: of(extendedHeader('L', `${'n'.repeat(2 ** 20 - 1)}\0`), file('a'), ending), expected: ['n'.repeat(2 ** 20 - 1)] },
  { name: 'names that are no UTF-8', bytes: of(file('\xff\xfe\x80'), ending), expected: ['\ufffd\ufffd\ufffd'] },
  { name: 'an archive that breaks off in a header', bytes: file('a').subarray(0, 300), expected: /breaks off in the middle of a header/ },
  { name: 'an archive that breaks off in a record', bytes: extendedHeader('x', paxRecord('path', 'n'.repeat(2_000))).subarray(0, 1_000), expected: /breaks off in the middle of an extended header/ },
  { name: 'an archive without its end', bytes: file('a'), expected: /two blocks of zeros/ },
  { name: 'a gzip stream', bytes: Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(1_020, 'z')]), expected: /magic/ },
]

const withoutEnd: readonly HostileTar[] = [
  { name: 'endless entries', bytes: Buffer.alloc(0), endless: many(file('a')), expected: /more than \d+ entries|two blocks of zeros/ },
  { name: 'endless blocks of zeros', bytes: file('a'), endless: Buffer.alloc(16_384), expected: ['a'] },
  { name: 'endless PAX headers', bytes: Buffer.alloc(0), endless: many(extendedHeader('x', paxRecord('path', 'b'))), expected: /two extended headers/ },
  { name: 'endless global PAX headers', bytes: Buffer.alloc(0), endless: many(extendedHeader('g', paxRecord('comment', 'c'))), expected: /two blocks of zeros/ },
  { name: 'global PAX headers of many records', bytes: of(extendedHeader('g', manyRecords)), endless: many(of(extendedHeader('x', paxRecord('mtime', '1')), file('a'))), expected: /more than \d+ global records/ },
  { name: 'endless long names', bytes: Buffer.alloc(0), endless: many(extendedHeader('L', 'name\0')), expected: /two long names/ },
  { name: 'endless long names of links', bytes: Buffer.alloc(0), endless: many(extendedHeader('K', 'name\0')), expected: /two long link names/ },
  { name: 'a long name without an end', bytes: of(file('ahead', { 124: sizeField(2 ** 33 - 1), 156: 'L' })), endless: Buffer.alloc(16_384, 'n'), expected: /announces/ },
]

/** Archives that a daemon may send. */
export const hostileTars: readonly HostileTar[] = [...outwards, ...sizes, ...headers, ...withoutEnd]

/** A beginning of such an archive, of so many bytes where it has no end. */
export function beginningOf({ bytes, endless }: HostileTar, size: number): Buffer {
  return endless === undefined ? bytes : Buffer.concat([bytes, ...Array.from<Buffer>({ length: Math.ceil(size / endless.byteLength) }).fill(endless)])
}

/** The same as answers of a daemon, with a length where there is an end. */
export const brokenTars: readonly HostileAnswer[] = hostileTars.map(({ name, bytes, endless: more }) => {
  const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n'
  return more === undefined ? whole(`as an archive, ${name}`, bytes, head) : endless(`as an archive, ${name}`, `${head}\r\n${bytes.toString('latin1')}`, more)
})
