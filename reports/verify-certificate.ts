import { createHash } from 'node:crypto'
import { isRecord } from '../harness/schema/load.ts'
import { canonicalJson } from './canonical-json.ts'
import { certificateOf, whyNoCertificate, type Certificate } from './certificate.ts'
import { isSignedBy, statementType, type Envelope } from './dsse.ts'
import { profiles } from './profiles.ts'
import type { ReadResults } from './read-results.ts'

/** What came of looking at a certificate: what was found to be so, and what is wrong with it. */
export type Verification = { readonly certificate: Certificate | undefined; readonly found: readonly string[]; readonly wrong: readonly string[] }

/**
 * Looks whether a certificate holds.
 * @param text the file: a statement, or a DSSE envelope with one
 * @param results those that it was made from: everything in it is then made again and held against it
 * @param key the public key, in PEM, that must have signed it
 */
export function verifyCertificate(text: string, results: ReadResults | undefined, key: string | undefined): Verification {
  const found: string[] = []
  const wrong: string[] = []
  const content = open(text, key, found, wrong)
  const certificate = content === undefined ? undefined : asCertificate(content)
  if (certificate === undefined) return { certificate, found, wrong: wrong.length > 0 ? wrong : ['it is no certificate of this suite: no in-toto statement with a test result of Plimsoll'] }
  const [subject] = certificate.subject
  if (sha256(canonicalJson(subject.annotations)) === subject.digest.sha256) found.push('its subject is the daemon that it describes')
  else wrong.push('the digest of its subject is not that of the daemon that it describes')
  if (results !== undefined) compareWithResults(certificate, results, found, wrong)
  return { certificate, found, wrong }
}

function compareWithResults(certificate: Certificate, { results, bytes, path }: ReadResults, found: string[], wrong: string[]): void {
  const stated = certificate.predicate.configuration.find(({ name }) => name === 'results.json')?.digest.sha256
  if (stated !== sha256(bytes)) {
    wrong.push(`${path} is not the file that it was made from: SHA-256 ${sha256(bytes)}, and it says ${stated}`)
    return
  }
  const claim = certificate.predicate.plimsoll.certified
  const objections = whyNoCertificate(results, claim)
  wrong.push(...objections.map((objection) => `the results do not suffice for it: ${objection}`))
  if (objections.length > 0) return
  if (canonicalJson(certificateOf(results, bytes, claim)) === canonicalJson(certificate)) found.push('all that it says follows from the results')
  else wrong.push('it says something else than the results')
}

/** The statement, out of its envelope where it has one. */
function open(text: string, key: string | undefined, found: string[], wrong: string[]): unknown {
  try {
    const content: unknown = JSON.parse(text)
    if (!isEnvelope(content)) {
      if (key !== undefined) wrong.push('it is not signed, and a signature was asked for: name the DSSE envelope')
      return content
    }
    if (content.payloadType !== statementType) wrong.push(`its envelope holds ${content.payloadType}, not ${statementType}`)
    if (key === undefined) found.push('it is signed; by whom was not looked at (--key)')
    else if (isSignedBy(content, key)) found.push('it is signed with this key')
    else wrong.push('no signature on it was made with this key')
    return JSON.parse(Buffer.from(content.payload, 'base64').toString('utf8')) as unknown
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    wrong.push(`it is no JSON: ${error.message}`)
    return undefined
  }
}

function isEnvelope(value: unknown): value is Envelope {
  return (
    isRecord(value) && typeof value.payloadType === 'string' && typeof value.payload === 'string' && Array.isArray(value.signatures) &&
    value.signatures.every((signature) => isRecord(signature) && typeof signature.sig === 'string')
  )
}

/** What is read of a certificate is looked at; the rest is held against the results as a whole. */
function asCertificate(value: unknown): Certificate | undefined {
  if (!isRecord(value) || value._type !== 'https://in-toto.io/Statement/v1' || value.predicateType !== 'https://in-toto.io/attestation/test-result/v0.1') return undefined
  const { subject, predicate } = value
  const isResource = (resource: unknown) => isRecord(resource) && typeof resource.name === 'string' && isRecord(resource.digest) && typeof resource.digest.sha256 === 'string'
  if (!Array.isArray(subject) || subject.length !== 1 || !isResource(subject[0]) || !isRecord((subject[0] as Record<string, unknown>).annotations) || !isRecord(predicate)) return undefined
  if (predicate.result !== 'PASSED' && predicate.result !== 'WARNED') return undefined
  if (!Array.isArray(predicate.configuration) || !predicate.configuration.every(isResource) || !isRecord(predicate.plimsoll)) return undefined
  const { format, certified, apiVersions, known, notApplicable } = predicate.plimsoll
  if (format !== 'plimsoll-certificate/1' || !Array.isArray(apiVersions) || !Array.isArray(known) || !Array.isArray(notApplicable)) return undefined
  if (!Array.isArray(certified) || !certified.every((name) => (profiles as readonly unknown[]).includes(name))) return undefined
  return value as unknown as Certificate
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
