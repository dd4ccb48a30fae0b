import { describe, expect, test } from 'vitest'
import { scriptedClient, type ScriptedAnswer } from '../daemon/scripted-client.ts'
import { createDaemon } from './daemon.ts'
import { Blocked } from './errors.ts'

const facts = (answer: ScriptedAnswer) => createDaemon(scriptedClient(() => answer), { daemonVersion: '1.41' })

describe('createDaemon', () => {
  test('tells the current version and the clock of the daemon', async () => {
    expect(facts({}).currentVersion).toBe('1.41')
    expect(await facts({ body: { SystemTime: '2026-01-02T03:04:05.678901234Z' } }).now()).toBe(Date.parse('2026-01-02T03:04:05.678Z'))
  })

  test.each([
    [{ status: 500 }, /GET \/info gives status 500 and SystemTime is missing/],
    [{ body: {} }, /SystemTime is missing/],
    [{ body: { SystemTime: 7 } }, /SystemTime 7/],
    [{ body: { SystemTime: 'noon' } }, /SystemTime "noon"/],
    [{ body: 'null' }, /SystemTime is missing/],
    [{ body: '<html>' }, /SystemTime is missing/],
  ])('is blocked where %j says no time', async (answer, complaint) => {
    await expect(facts(answer).now()).rejects.toThrow(Blocked)
    await expect(facts(answer).now()).rejects.toThrow(complaint)
  })
})
