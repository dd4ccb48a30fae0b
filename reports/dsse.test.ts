import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isSignedBy, preAuthenticationEncoding, signEnvelope } from './dsse.ts'

const folder = mkdtempSync(join(tmpdir(), 'plimsoll-dsse-'))
afterAll(() => rmSync(folder, { recursive: true }))
const payload = Buffer.from('{"_type":"…"}')
const pem = ({ privateKey, publicKey }: { privateKey: KeyObject; publicKey: KeyObject }) => ({
  secret: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  open: publicKey.export({ type: 'spki', format: 'pem' }) as string,
})
const ed25519 = pem(generateKeyPairSync('ed25519'))
const ecdsa = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }))

test('signs what the protocol says', () => {
  // The example of the protocol's own document.
  expect(preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world')).toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world')
})

describe.each([['Ed25519', ed25519, ecdsa], ['ECDSA', ecdsa, ed25519]])('%s', (name, keys, others) => {
  const envelope = signEnvelope(payload, keys.secret)

  test('a signature holds for its own key, and for nothing else', () => {
    expect(isSignedBy(envelope, keys.open)).toBe(true)
    expect(isSignedBy(envelope, others.open)).toBe(false)
    expect(isSignedBy({ ...envelope, payload: Buffer.from('{"_type":"!"}').toString('base64') }, keys.open)).toBe(false)
    expect(isSignedBy({ ...envelope, payloadType: 'text/plain' }, keys.open)).toBe(false)
    expect(isSignedBy({ ...envelope, signatures: [] }, keys.open)).toBe(false)
  })

  test('openssl says so too', () => {
    const path = (file: string) => join(folder, `${name}-${file}`)
    writeFileSync(path('key.pub'), keys.open)
    writeFileSync(path('signed'), preAuthenticationEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64')))
    writeFileSync(path('sig'), Buffer.from(envelope.signatures[0]?.sig ?? '', 'base64'))
    const args =
      name === 'ECDSA'
        ? ['dgst', '-sha256', '-verify', path('key.pub'), '-signature', path('sig'), path('signed')]
        : ['pkeyutl', '-verify', '-pubin', '-inkey', path('key.pub'), '-rawin', '-in', path('signed'), '-sigfile', path('sig')]
    expect(execFileSync('openssl', args, { encoding: 'utf8' })).toMatch(/Verified (OK|Successfully)|Signature Verified Successfully/)
  })
})

test('refuses keys of other kinds', () => {
  expect(() => signEnvelope(payload, pem(generateKeyPairSync('rsa', { modulusLength: 2048 })).secret)).toThrow(/type rsa is not taken/)
})
