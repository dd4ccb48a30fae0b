import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const root = new URL('.', import.meta.url)
const lines = globSync('**/*.ts', { cwd: root }).filter((path) => !path.endsWith('.test.ts')).flatMap((path) =>
  readFileSync(new URL(path, root), 'utf8').split('\n').map((line) => ({ path, line })),
)

test('no case asks for a port of the host by its number, but for a container that is never started', () => {
  const fixed = lines.filter(({ line }) => /HostPort: *['"`]?[^'"`\s,}]/.test(line) && !/HostPort: expect\./.test(line))
  expect(fixed.map(({ path, line }) => `${path}: ${/id: '([\w-]+)'/.exec(line)?.[1]}`)).toEqual(['containers/create-host-config.conformance.ts: container-create-port-bindings-kept'])
})

test('ports that are published by their number are of services alone, in a swarm that the run makes', () => {
  const fixed = lines.filter(({ line }) => /PublishedPort: *\d/.test(line))
  expect(fixed.length).toBeGreaterThan(0)
  for (const { path } of fixed) expect(path).toMatch(/^services\//)
})
