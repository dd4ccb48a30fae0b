import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import { certifiableResults, usualRows, type Row } from './certifiable-results.ts'
import { certificateOf, whyNoCertificate } from './certificate.ts'
import { formatResults } from './results-json.ts'
import type { Results } from './results.ts'

const bytesOf = (results: Results) => Buffer.from(formatResults(results))
const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex')
const withRow = (...row: Row) => certifiableResults([...usualRows.filter(([id]) => id !== row[0]), row])

describe('certificateOf', () => {
  const results = certifiableResults()
  const certificate = certificateOf(results, bytesOf(results), undefined)

  test('is an in-toto statement about the daemon, with a test result', () => {
    expect(certificate).toMatchObject({
      _type: 'https://in-toto.io/Statement/v1',
      subject: [{ name: 'Docker 20.10.24', annotations: { product: 'Docker', version: '20.10.24', commit: '297e128', endpoint: 'unix' } }],
      predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
      predicate: { result: 'WARNED', passedTests: ['container-start-created', 'events-start'], warnedTests: ['ping-ok'] },
    })
    expect(certificate.subject[0].digest.sha256).toBe(sha256(canonicalJson(certificate.subject[0].annotations)))
    expect(JSON.stringify(certificate)).not.toContain('/var/run/docker.sock')
  })

  test('names suite, catalogue and results by their digests', () => {
    expect(certificate.predicate.configuration).toEqual([
      { name: 'plimsoll', digest: { sha256: 'a'.repeat(64) }, annotations: { version: '0.1.0' } },
      { name: 'catalogue', digest: { sha256: 'b'.repeat(64) } },
      { name: 'results.json', digest: { sha256: sha256(bytesOf(results)) } },
    ])
  })

  test('judges profiles apart, and spells out what is known and what does not apply', () => {
    const { certified, profiles, known, notApplicable, apiVersions, red, withheld } = certificate.predicate.plimsoll
    expect(certified).toEqual(['core', 'events'])
    expect(Object.entries(profiles).map(([name, { verdict }]) => `${name} ${verdict}`)).toEqual(['core conformant', 'events conformant', 'swarm not-applicable'])
    expect(known).toEqual([{ id: 'ping-ok', versions: ['1.24'], reason: 'it is known', link: 'https://example.org/1' }])
    expect(notApplicable).toEqual([{ id: 'swarm-init', versions: ['1.24', '1.25'], reason: 'it is not-applicable' }])
    expect([apiVersions, red, withheld]).toEqual([['1.24', '1.25'], [], []])
  })

  test('passes where nothing is known to fail', () => {
    const clean = withRow('ping-ok', 'system', 'GET /_ping', 'pass', 'pass')
    expect(certificateOf(clean, bytesOf(clean), undefined).predicate.result).toBe('PASSED')
  })

  test('certifies the rest of a daemon that fails in a profile that is not claimed, and says what is red there', () => {
    const failing = withRow('swarm-init', 'swarm', 'POST /swarm/init', 'fail', 'pass')
    expect(whyNoCertificate(failing, undefined)).toEqual(['swarm is nonconformant'])
    const { predicate } = certificateOf(failing, bytesOf(failing), ['core'])
    expect(predicate.plimsoll.certified).toEqual(['core'])
    expect(predicate.plimsoll.red).toEqual([{ id: 'swarm-init', versions: ['1.24'], reason: 'it is fail' }])
    expect(predicate.passedTests).toEqual(['container-start-created'])
    expect(() => certificateOf(failing, bytesOf(failing), undefined)).toThrow(/swarm is nonconformant/)
  })
})

describe('whyNoCertificate', () => {
  const results = certifiableResults()
  const objections: [string, Results, RegExp][] = [
    ['a run that was narrowed', { ...results, run: { ...results.run, narrowed: ['--only ping-ok'] } }, /a part of the suite only was run \(--only ping-ok\)/],
    ['results that do not say whether all was run', { ...results, suite: { name: 'plimsoll', version: '0.1.0' } }, /do not say what suite they come from/],
    ['a run that was cut short', { ...results, run: { ...results.run, interrupted: true } }, /cut short/],
    ['a list of known failings that is out of date', withRow('ping-ok', 'system', 'GET /_ping', 'stale'), /out of date: 1 of its entries passed/],
    ['a fault of the suite', withRow('ping-ok', 'system', 'GET /_ping', 'fault'), /the suite itself broke/],
    ['what is red', withRow('ping-ok', 'system', 'GET /_ping', 'fail'), /core is nonconformant/],
    ['what was withheld', withRow('ping-ok', 'system', 'GET /_ping', 'withheld'), /core is undecided \(1 withheld: --disposable lifts that\)/],
    ['what is known not to be staged', { ...results, outcomes: results.outcomes.map((outcome) => (outcome.id === 'ping-ok' ? { ...outcome, verdict: 'known', unstaged: true } : outcome)) }, /^core is undecided$/],
    ['nothing at all', certifiableResults([]), /nothing was judged/],
  ]
  test.each(objections)('objects to %s', (_, found, objection) => {
    expect(whyNoCertificate(found, undefined).join('\n')).toMatch(objection)
  })

  test('objects to a claim of what was not judged, or does not apply', () => {
    expect(whyNoCertificate(results, ['core', 'build', 'swarm'])).toEqual(['build: nothing of it was judged', 'swarm is not-applicable'])
    expect(whyNoCertificate(results, ['core'])).toEqual([])
  })
})
