import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSlabs } from './read-slabs.ts'

test('whatever a socket reads, each view keeps its bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(255), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 60 }), (reads) => {
      const slabs = readSlabs()
      const views = reads.map(([byte, share]) => {
        const room = slabs.room()
        const count = Math.max(1, Math.floor(room.byteLength * share))
        room.fill(byte, 0, count)
        return { byte, count, view: slabs.take(count) }
      })
      for (const { byte, count, view } of views) {
        expect(view.byteLength).toBe(count)
        expect(view.every((each) => each === byte)).toBe(true)
      }
    }),
    { numRuns: 20 },
  )
})

test('a connection that brings little gets little, one that brings much gets room of a megabyte', () => {
  const slabs = readSlabs()
  expect(slabs.room().byteLength).toBe(64 * 1024)
  for (let read = 0; read < 20; read += 1) slabs.take(slabs.room().byteLength)
  expect(slabs.room().byteLength).toBe(1024 * 1024)
})
