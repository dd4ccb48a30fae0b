import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { certificateOf, formatCertificate, whyNoCertificate, type Claim } from './certificate.ts'
import { signEnvelope } from './dsse.ts'
import type { Results } from './results.ts'

/** What was written, and what there is to be said of it; or why nothing was. */
export type WrittenCertificate = { readonly paths: readonly string[]; readonly lines: readonly string[]; readonly objections: readonly string[] }

/**
 * Writes `certificate.json` beside results, and `certificate.dsse.json` where there is a key. Those of an earlier run, which would
 * speak of other results, are removed in any case.
 * @param path the `results.json` that was written of the results
 * @param privateKey in PEM
 */
export function writeCertificate(results: Results, path: string, claim: Claim, privateKey: string | undefined): WrittenCertificate {
  removeCertificates(path)
  const [plain, signed] = placesBeside(path)
  const objections = whyNoCertificate(results, claim)
  if (objections.length > 0) return { paths: [], lines: [], objections }
  const certificate = certificateOf(results, readFileSync(path), claim)
  const { result, plimsoll } = certificate.predicate
  const text = formatCertificate(certificate)
  writeFileSync(plain, text)
  const lines = [`certificate: ${plain} (${result}: ${plimsoll.certified.join(', ')})`]
  if (privateKey === undefined) return { paths: [plain], lines, objections }
  writeFileSync(signed, `${JSON.stringify(signEnvelope(Buffer.from(text), privateKey))}\n`)
  return { paths: [plain, signed], lines: [...lines, `signed:      ${signed}`], objections }
}

/** Removes the certificates of an earlier run from beside results. */
export function removeCertificates(path: string): void {
  for (const earlier of placesBeside(path)) rmSync(earlier, { force: true })
}

function placesBeside(path: string): readonly [plain: string, signed: string] {
  return [join(dirname(path), 'certificate.json'), join(dirname(path), 'certificate.dsse.json')]
}
