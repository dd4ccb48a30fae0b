import { describe, expect, test } from 'vitest'
import { scriptedAnswer } from '../daemon/scripted-client.ts'
import type { Operation } from '../schema/operations.ts'
import { createValidator } from '../schema/validate.ts'
import type { AnswerStream } from '../wire/stream.ts'
import type { KnownFailing } from './known-failings.ts'
import { watchShapes } from './shape.ts'
import { shapeOutcomes, shapeRequirement, type VersionedObservation } from './shape-outcomes.ts'

const thing = { type: 'object', required: ['Id'], properties: { Id: { type: 'string' }, Size: { type: 'integer' } } }
const base = { area: 'system', anchor: 'a', operationId: 'o', query: {}, headers: {} }
const operations: Operation[] = [
  { ...base, id: 'thing-list', operation: 'GET /things', method: 'GET', path: '/things', answers: { '200': { schema: { type: 'array', items: thing } } } },
  { ...base, id: 'thing-watch', operation: 'GET /watch', method: 'GET', path: '/watch', since: '1.20', answers: { '200': { stream: 'json', content: 'application/json', item: thing } } },
]
const validator = createValidator({ operations, definitions: {} })
const watch = (...bodies: unknown[]) => {
  const watched = watchShapes(validator, '1.24')
  for (const body of bodies) watched.sawAnswer('GET', '/things?all=1', scriptedAnswer({ body, headers: { 'Content-Type': 'application/json' } }))
  return watched.observations()
}

describe('watchShapes', () => {
  test('says nothing of answers that are as documented, but that they came', () => {
    expect(watch([], [{ Id: 'x' }])).toEqual([{ operation: 'thing-list', answers: 2, violations: [] }])
  })

  test('keeps one violation of a kind, with the exchange that shows it', () => {
    const [observation] = watch([{ Id: 1 }, { Id: 2 }, {}], [{ Id: 3, Size: 'x' }])
    expect(observation?.answers).toBe(2)
    expect(observation?.violations.map(({ status, pointer, keyword }) => `${status} ${pointer} ${keyword}`)).toEqual(['200 /0/Id type', '200 /2/Id required', '200 /0/Size type'])
    expect(observation?.violations[0]?.exchange.responseBody?.base64).toBe(Buffer.from('[{"Id":1},{"Id":2},{}]').toString('base64'))
  })

  test('looks away from operations that it does not know, or the version not yet', () => {
    const watched = watchShapes(validator, '1.19')
    watched.sawAnswer('GET', '/elsewhere', scriptedAnswer({ body: 'x' }))
    watched.sawAnswer('GET', '/watch', scriptedAnswer({ body: 'x' }))
    expect(watched.observations()).toEqual([])
  })

  test('holds each value that is read from a stream against its schema', async () => {
    const watched = watchShapes(validator, '1.24')
    const values: unknown[] = [{ Id: 'x' }, { Id: 1 }]
    const stream = { status: 200, header: () => 'application/json', nextValue: async () => values.shift(), allValues: async () => [{}] } as unknown as AnswerStream
    const same = watched.watchStream('GET', '/watch?since=1', stream)
    expect([await same.nextValue(1), await same.nextValue(1), await same.nextValue(1)]).toEqual([{ Id: 'x' }, { Id: 1 }, undefined])
    expect(await same.allValues()).toEqual([{}])
    expect(watched.observations()).toMatchObject([{ operation: 'thing-watch', answers: 3, violations: [{ pointer: '/Id', keyword: 'type' }, { pointer: '/Id', keyword: 'required' }] }])
    expect(watched.watchStream('GET', '/elsewhere', stream)).toBe(stream)
  })

  test('holds the content type of a stream against the documented one, when it is opened', () => {
    const watched = watchShapes(validator, '1.24')
    const headers = [['Content-Type', 'text/html']] as const
    watched.watchStream('GET', '/watch', { status: 200, headers, header: () => 'text/html' } as unknown as AnswerStream)
    expect(watched.observations()).toMatchObject([{ operation: 'thing-watch', violations: [{ keyword: 'content-type', exchange: { responseHeaders: headers } }] }])
  })
})

describe('shapeOutcomes', () => {
  const observed = (...bodies: unknown[]): VersionedObservation[] => watch(...bodies).map((observation) => ({ ...observation, version: '1.24' }))
  const known = (because: string): KnownFailing => ({ id: 'thing-list-shape', versions: ['1.24'], because, reason: `known: ${because}`, link: 'https://example.org/1' })
  const outcomes = (observations: VersionedObservation[], entries: KnownFailing[] = []) => shapeOutcomes(operations, observations, entries).map(({ outcome }) => outcome)

  test('passes an operation whose answers are as documented, once per version', () => {
    expect(outcomes([...observed([]), ...observed([]), ...observed([]).map((each) => ({ ...each, version: '1.23' as const }))])).toMatchObject([
      { id: 'thing-list-shape', version: '1.24', verdict: 'pass' },
      { id: 'thing-list-shape', version: '1.23', verdict: 'pass' },
    ])
  })

  test('charges a violation once, however many cases saw it', () => {
    const [outcome] = outcomes([...observed([{ Id: 1 }]), ...observed([{}, { Id: 2 }]), ...observed([{ Id: 'x' }])])
    expect(outcome).toMatchObject({ verdict: 'fail', reason: '2 violations of the documented shape, the first: 200 /0/Id: must be string; it is 1' })
    expect(outcome?.failure?.difference).toBe('200 /0/Id: must be string; it is 1\n200 /0/Id: must be there; it is missing')
    expect(outcome?.transcript).toHaveLength(2)
  })

  test('knows what is listed, and fails for what is not', () => {
    expect(outcomes(observed([{ Id: 1 }]), [known('it is 1')])).toMatchObject([{ verdict: 'known', reason: 'known: it is 1', link: 'https://example.org/1' }])
    expect(outcomes(observed([{ Id: 1, Size: 'x' }]), [known('it is 1')])).toMatchObject([{ verdict: 'fail', reason: '1 violation of the documented shape, the first: 200 /0/Size: must be integer; it is "x"' }])
  })

  test('calls an entry stale that no violation shows any more, beside others that do', () => {
    expect(outcomes(observed([{ Id: 'x' }]), [known('it is 1')])).toMatchObject([{ verdict: 'stale', reason: expect.stringContaining('"it is 1" is listed as known to fail') as unknown }])
    expect(outcomes(observed([{ Id: 1 }]), [known('it is 1'), known('Size')])).toMatchObject([{ verdict: 'stale', reason: expect.stringContaining('"Size"') as unknown }])
  })

  test('lets a race stay away, and knows it where it is seen', () => {
    const race: KnownFailing = { ...known('it is 1'), sometimes: true }
    expect(outcomes(observed([{ Id: 'x' }]), [race])).toMatchObject([{ verdict: 'pass' }])
    expect(outcomes(observed([{ Id: 1 }]), [race])).toMatchObject([{ verdict: 'known', reason: 'known: it is 1' }])
    expect(outcomes(observed([{ Id: 1 }]), [known('it is 1'), { ...known('Size'), sometimes: true }])).toMatchObject([{ verdict: 'known', reason: 'known: it is 1' }])
  })

  test('makes hostile values visible', () => {
    const [outcome] = outcomes(observed([{ Id: '\u202egnp', Size: '\u001b[2J' }]))
    expect(outcome?.failure?.difference).not.toMatch(/[\u001b\u202e]/)
  })

  test('leaves out an operation that the schemas no longer have', () => {
    expect(outcomes([{ operation: 'gone', answers: 1, violations: [], version: '1.24' }])).toEqual([])
  })

  test('shapeRequirement has the span of the operation', () => {
    const [, watched] = operations
    expect(watched && shapeRequirement(watched)).toMatchObject({ id: 'thing-watch-shape', since: '1.20', operation: 'GET /watch', sources: ['operation'] })
  })
})

