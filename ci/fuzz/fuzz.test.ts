import { describe, expect, test } from 'vitest'
import { campaign, makeInput, tryInput } from './campaign.ts'
import { targets, type Target } from './targets.ts'

describe('a share of `npm run fuzz`', () => {
  const share = Math.ceil(20_000 / targets.length)

  test.each(targets.map((target) => [target.name, target] as const))('%s: every input ends in a value or a named error', (_, target) => {
    const finding = campaign(target, 1, share)
    expect(finding && { ...finding, chunks: finding.chunks.map((chunk) => Buffer.from(chunk).toString('hex')).join(',') }).toBeUndefined()
  })

  test.each(targets.filter(({ name }) => name !== 'report').map((target) => [target.name, target] as const))('%s: the inputs are of every sort', (_, target) => {
    const outcomes = Array.from({ length: 300 }, (_, number) => target.decode(makeInput(target, 2, number).chunks))
    const errors = outcomes.filter(({ error }) => error !== undefined).length
    expect(errors).toBeGreaterThan(60)
    expect(errors).toBeLessThan(270)
  })
})

describe('what a campaign finds', () => {
  const sound = targets[0] as Target
  const finds = (decode: Target['decode']) => campaign({ ...sound, decode }, 1, 2000)?.what

  test('nothing where nothing is wrong', () => {
    expect(finds(sound.decode)).toBeUndefined()
  })

  test('an error that is not the decoder\'s own', () => {
    expect(finds((chunks) => {
      if (chunks.some((chunk) => chunk[0] === 0xff)) throw new RangeError('planted')
      return sound.decode(chunks)
    })).toMatch(/^it throws RangeError: planted/)
  })

  test('an outcome that depends on the chunks', () => {
    expect(finds((chunks) => ({ ...sound.decode(chunks), summary: String(chunks.length) }))).toMatch(/^in chunks it finds/)
  })

  test('a valid stream that is refused, and an offset beyond the bytes', () => {
    expect(finds(() => ({ summary: '', error: Object.assign(new Error('planted'), { offset: 0 }) }))).toMatch(/refuses a valid stream: planted/)
    const beyond = { chunks: [Uint8Array.of(9)], untouched: false }
    expect(tryInput({ ...sound, decode: () => ({ summary: '', error: Object.assign(new Error('x'), { offset: 2 }) }) }, beyond)?.what).toMatch(/at byte 2 of 1/)
  })

  test('the same inputs for the same seed', () => {
    expect(makeInput(sound, 5, 7)).toEqual(makeInput(sound, 5, 7))
    expect(makeInput(sound, 5, 7)).not.toEqual(makeInput(sound, 6, 7))
  })
})
