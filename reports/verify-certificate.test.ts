import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { certifiableResults } from './certifiable-results.ts'
import { certificateOf, formatCertificate } from './certificate.ts'
import { signEnvelope } from './dsse.ts'
import { formatResults } from './results-json.ts'
import { verifyCertificate } from './verify-certificate.ts'

const results = certifiableResults()
const bytes = Buffer.from(formatResults(results))
const read = { path: 'results.json', results, bytes }
const certificate = certificateOf(results, bytes, undefined)
const text = formatCertificate(certificate)
const { privateKey, publicKey } = generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
const other = generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
const envelope = JSON.stringify(signEnvelope(Buffer.from(text), privateKey))

describe('verifyCertificate', () => {
  test('finds a certificate to hold, plain and signed', () => {
    expect(verifyCertificate(text, read, undefined)).toMatchObject({ wrong: [], found: ['its subject is the daemon that it describes', 'all that it says follows from the results'] })
    expect(verifyCertificate(envelope, read, publicKey)).toMatchObject({ wrong: [], found: ['it is signed with this key', expect.anything(), expect.anything()] })
    expect(verifyCertificate(envelope, undefined, undefined)).toMatchObject({ wrong: [], found: [expect.stringContaining('by whom was not looked at'), expect.anything()] })
  })

  const changed = (change: (copy: any) => void) => {
    const copy: unknown = JSON.parse(text)
    change(copy)
    return JSON.stringify(copy)
  }
  const damages: [string, string, RegExp][] = [
    ['another daemon', changed((copy) => (copy.subject[0].annotations.version = '28.0')), /the digest of its subject/],
    ['a profile more', changed((copy) => copy.predicate.plimsoll.certified.push('swarm')), /the results do not suffice for it: swarm is not-applicable/],
    ['a known failing less', changed((copy) => (copy.predicate.plimsoll.known = [])), /something else than the results/],
    ['a better result', changed((copy) => (copy.predicate.result = 'PASSED')), /something else than the results/],
    ['other results', changed((copy) => (copy.predicate.configuration[2].digest.sha256 = '0'.repeat(64))), /is not the file that it was made from/],
    ['no certificate', '{"_type":"https://in-toto.io/Statement/v1"}', /no certificate of this suite/],
    ['a profile that there is not', changed((copy) => (copy.predicate.plimsoll.certified = ['all'])), /no certificate of this suite/],
    ['no JSON', 'hello', /it is no JSON/],
    ['a payload that is no JSON', JSON.stringify(signEnvelope(Buffer.from('hello'), privateKey)), /it is no JSON/],
    ['null', 'null', /no certificate of this suite/],
  ]
  test.each(damages)('does not take %s', (_, damaged, complaint) => {
    expect(verifyCertificate(damaged, read, undefined).wrong.join('\n')).toMatch(complaint)
  })

  test('does not take the results of another run, a signature of another key, or none where one is asked for', () => {
    const later = { ...read, bytes: Buffer.concat([bytes, Buffer.from(' ')]) }
    expect(verifyCertificate(text, later, undefined).wrong.join()).toContain('is not the file that it was made from')
    expect(verifyCertificate(envelope, read, other.publicKey).wrong).toEqual(['no signature on it was made with this key'])
    expect(verifyCertificate(text, read, publicKey).wrong.join()).toContain('it is not signed')
  })
})
