import { describe, expect, test } from 'vitest'
import { attacks } from './attacks.ts'
import { withstand } from './campaign.ts'

// A share of `npm run hostile`: what takes a whole run once, and of each place a few.
const all = attacks()
const share = [...all.slice(0, 6), ...all.slice(6).filter((_, index) => index % 83 === 0)]

describe('a hostile daemon and whole runs', () => {
  test('each ends in a verdict or a named error, in bounded time and memory, and leaves nothing that acts', { timeout: 600_000 }, async () => {
    const stood = await withstand({ attacks: share, only: ['ping-*', 'version-*', 'container-archive-*', 'container-export-*'], answerWithin: 0.5, withinMs: 200_000, atOnce: 2 })
    expect(stood.filter(({ wrong }) => wrong.length > 0)).toEqual([])
    expect(stood.map(({ attack }) => attack)).toEqual(share.map(({ name }) => name))
    // The one that reaches the cases is judged; most never come so far.
    expect(stood[0]?.ended).toBe('nonconformant')
  })

  test('the attacks have names of their own, at every place', () => {
    const names = all.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThan(500)
  })
})
