import { expect, test } from 'vitest'
import { guardBystanders } from './bystander-guard.ts'

const bystander = { id: 'a1b2'.repeat(16), name: 'plimsoll-run-bystander' }
const exited = { id: 'e5f6'.repeat(16), name: 'plimsoll-run-exited' }
const guard = (method: string, path: string) => () => guardBystanders({ running: bystander, exited }, method, path)

test.each([
  ['POST', `/containers/${bystander.id}/kill`],
  ['POST', `/containers/${bystander.name}/stop?t=1`],
  ['POST', `/containers/${bystander.id.slice(0, 12)}/rename`],
  ['PUT', `/containers/${bystander.id}/archive?path=/`],
  ['DELETE', `/containers/${bystander.id}`],
  ['DELETE', `/containers/${bystander.name}?force=1`],
  ['POST', `/containers/${bystander.id}/exec/more`],
  ['POST', `/v1.24/containers/${bystander.id}/kill`],
  ['POST', `/containers/${exited.id}/kill`],
  ['POST', `/containers/${exited.id}/attach?logs=1`],
  ['GET', `/containers/${exited.name}/attach/ws?logs=1`],
])('refuses %s %s', (method, path) => {
  expect(guard(method, path)).toThrow(TypeError)
})

test.each([
  ['GET', `/containers/${bystander.id}/json`],
  ['HEAD', `/containers/${bystander.id}/archive`],
  ['POST', `/containers/${bystander.id}/exec`],
  ['POST', `/containers/${bystander.id}/attach?stream=1`],
  ['GET', `/containers/${bystander.id}/attach/ws?stream=1`],
  ['POST', `/containers/${exited.id}/wait`],
  ['GET', `/containers/${exited.id}/logs?stdout=1`],
  ['POST', `/containers/${bystander.name}/wait`],
  ['POST', `/containers/${bystander.id}/copy`],
  ['POST', `/containers/${'c'.repeat(64)}/kill`],
  ['POST', '/containers/create?name=x'],
  ['POST', '/containers//kill'],
  ['POST', '/exec/0123/start'],
])('lets %s %s through', (method, path) => {
  expect(guard(method, path)).not.toThrow()
})
