import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { mayBeAlive, newRunId, parseRunId, runIdOfName } from './run-id.ts'

test('a new id says when it began and which process it is', () => {
  const now = new Date('2026-03-04T05:06:07.890Z')
  const parsed = parseRunId(newRunId(now))
  expect(parsed).toMatchObject({ startedAt: new Date('2026-03-04T05:06:07Z'), pid: process.pid })
  expect(newRunId(now)).not.toBe(newRunId(now))
})

test.each(['', 'web', 't00000-ffff-1', 't00000-ffff-1-abcd-x', 'T00000-ffff-1-abcd', 't00000-fffg-1-abcd', 't0000-ffff-1-abcd', 't00000-ffff-1-abcd\n'])('%j is no id', (text) => {
  expect(parseRunId(text)).toBeUndefined()
})

describe('runIdOfName', () => {
  const id = 't00000-ffff-1-abcd'
  test.each([`plimsoll-${id}-x-1-box`, `/plimsoll-${id}-x-1-box`, `plimsoll-${id}`, `plimsoll-${id}-guest:0123`])('%s is ours', (name) => {
    expect(runIdOfName(name)).toBe(id)
  })

  test.each([`my-plimsoll-${id}-x`, `plimsoll-${id}x`, `plimsoll_${id}`, `Plimsoll-${id}-x`, 'plimsoll-web', `plimsoll-${id.replace('abcd', 'abcg')}-x`, `plimsoll/${id}`, `a/plimsoll-${id}-x`])('%s is not', (name) => {
    expect(runIdOfName(name)).toBeUndefined()
  })
})

describe('mayBeAlive', () => {
  const here = parseRunId(newRunId())
  if (here === undefined) throw new TypeError('a new id is none')

  test('goes by the process on this machine, however old', () => {
    expect(mayBeAlive({ ...here, startedAt: new Date(0) })).toBe(true)
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    expect(mayBeAlive({ ...here, pid })).toBe(false)
  })

  test('takes a process of another user for alive', () => {
    // As root there is none that may not be asked for; init is there in either case.
    expect(mayBeAlive({ ...here, pid: 1 })).toBe(true)
  })

  test('goes by the age elsewhere: six hours', () => {
    const now = new Date('2026-01-01T12:00:00Z')
    const elsewhere = { ...here, host: 'zzzz' }
    expect(mayBeAlive({ ...elsewhere, startedAt: new Date('2026-01-01T06:00:01Z') }, now)).toBe(true)
    expect(mayBeAlive({ ...elsewhere, startedAt: new Date('2026-01-01T06:00:00Z') }, now)).toBe(false)
  })
})
