import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { certifiableResults } from './certifiable-results.ts'
import { readResults } from './read-results.ts'
import { formatResults } from './results-json.ts'
import { verifyCertificate } from './verify-certificate.ts'
import { writeCertificate } from './write-certificate.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plimsoll-certificate-'))
  path = join(folder, 'results.json')
  writeFileSync(path, formatResults(certifiableResults()))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what is written holds, plain and signed', () => {
  const { paths, lines, objections } = writeCertificate(certifiableResults(), path, undefined, privateKey)
  expect(objections).toEqual([])
  expect(lines[0]).toBe(`certificate: ${join(folder, 'certificate.json')} (WARNED: core, events)`)
  expect(paths.map((each) => verifyCertificate(readFileSync(each, 'utf8'), readResults(path), undefined).wrong)).toEqual([[], []])
  expect(verifyCertificate(readFileSync(paths[1] ?? '', 'utf8'), readResults(path), publicKey).wrong).toEqual([])
})

test('where nothing can be certified an earlier certificate is gone, too', () => {
  writeCertificate(certifiableResults(), path, undefined, privateKey)
  const { paths, objections } = writeCertificate(certifiableResults(), path, ['build'], privateKey)
  expect([paths, objections]).toEqual([[], ['build: nothing of it was judged']])
  expect(readdirSync(folder)).toEqual(['results.json'])
})

test('without a key none is signed, and an earlier signed one is gone', () => {
  writeCertificate(certifiableResults(), path, undefined, privateKey)
  writeCertificate(certifiableResults(), path, undefined, undefined)
  expect(readdirSync(folder).sort()).toEqual(['certificate.json', 'results.json'])
})
