import { plimsollRun } from './spawn.ts'
import { foreign, test } from './test-fixtures.ts'

test('a run whose output nobody reads any more cleans up, leaves its results and ends with its verdict', { timeout: 60_000 }, async ({ expect, daemon }) => {
  const { host, objects } = await daemon()
  const { exitCode, results } = await plimsollRun(['--host', host, '--api', '1.24,1.25', '--only', 'ping-ok'], {
    onStart: (child) => {
      child.stdout?.destroy()
      child.stderr?.destroy()
    },
  })
  expect(exitCode).toBe(0)
  expect(results?.counts).toMatchObject({ pass: 2, fail: 0 })
  expect(objects()).toEqual(foreign)
})
