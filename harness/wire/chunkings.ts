import fc from 'fast-check'

/** For tests: bytes with one way of cutting them into chunks, empty ones and single bytes among them. */
export function chunked(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<{ readonly bytes: Uint8Array; readonly chunks: readonly Uint8Array[] }> {
  return bytes.chain((whole) =>
    fc.array(fc.nat(whole.byteLength), { maxLength: 12 }).map((cuts) => {
      const bounds = [0, ...cuts.sort((a, b) => a - b), whole.byteLength]
      return { bytes: whole, chunks: bounds.slice(1).map((end, index) => whole.subarray(bounds[index], end)) }
    }),
  )
}

/** For tests: a valid stream with some of its bytes changed, removed or put twice, or cut short. */
export function mutated(valid: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array> {
  const edit = fc.tuple(fc.constantFrom('set', 'remove', 'repeat', 'cut'), fc.nat(), fc.nat(255))
  return fc.tuple(valid, fc.array(edit, { maxLength: 3 })).map(([bytes, edits]) => edits.reduce((soFar, [kind, place, byte]) => {
    const at = soFar.byteLength === 0 ? 0 : place % soFar.byteLength
    if (kind === 'cut') return soFar.subarray(0, at)
    const after = soFar.subarray(kind === 'repeat' ? at : at + 1)
    return Buffer.concat([soFar.subarray(0, kind === 'repeat' ? at + 1 : at), kind === 'set' ? Buffer.from([byte]) : new Uint8Array(), after])
  }, bytes))
}
