import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hexdump } from './hexdump.ts'

test('looks as `hexdump -C` does', () => {
  expect(hexdump(Buffer.from('\u0001\u0000\u0000\u0000\u0000\u0000\u0000\u0009hello |x|\n'))).toBe(
    ['00000000  01 00 00 00 00 00 00 09  68 65 6c 6c 6f 20 7c 78  |........hello |x|', '00000010  7c 0a                                             ||.|'].join('\n'),
  )
  expect(hexdump(new Uint8Array())).toBe('')
  expect(hexdump(Uint8Array.of(0x41), 0x1234)).toMatch(/^00001234 {2}41 .*\|A\|$/)
})

test('holds all bytes, in nothing but visible characters', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const dump = hexdump(bytes)
    expect(dump).toMatch(/^[\x20-\x7e\n]*$/)
    const hex = dump.split('\n').map((line) => line.slice(10, 58)).join('').replaceAll(' ', '')
    expect(Buffer.from(hex, 'hex').equals(Buffer.from(bytes))).toBe(true)
  }))
})
