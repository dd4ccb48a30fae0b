import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recordBody, recordLimit } from './exchange.ts'

test('a record holds the first bytes, and how many there were', () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 3 * recordLimit }), fc.nat(9), (size, skipped) => {
    const body = Uint8Array.from({ length: skipped + size }, (_, index) => index % 251).subarray(skipped)
    const { base64, size: recorded } = recordBody(body)
    expect(recorded).toBe(size)
    expect(Buffer.from(base64, 'base64').equals(Buffer.from(body.subarray(0, recordLimit)))).toBe(true)
  }))
})
