import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'

/** What DSSE calls an in-toto statement. */
export const statementType = 'application/vnd.in-toto+json'

/** A signed payload: https://github.com/secure-systems-lab/dsse/blob/master/envelope.md */
export type Envelope = { readonly payloadType: string; readonly payload: string; readonly signatures: readonly { readonly keyid: string; readonly sig: string }[] }

/**
 * The bytes that are signed: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md, "PAE".
 */
export function preAuthenticationEncoding(type: string, payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`DSSEv1 ${Buffer.byteLength(type)} ${type} ${payload.byteLength} `), payload])
}

/**
 * Signs a payload.
 * @param key a private key in PEM: Ed25519, or ECDSA (signed over SHA-256, as cosign does)
 * @throws Error where it is no such key
 */
export function signEnvelope(payload: Uint8Array, key: string | Buffer): Envelope {
  const own = createPrivateKey(key)
  const sig = sign(hashFor(own), preAuthenticationEncoding(statementType, payload), own).toString('base64')
  return { payloadType: statementType, payload: Buffer.from(payload).toString('base64'), signatures: [{ keyid: keyId(createPublicKey(own)), sig }] }
}

/**
 * Whether one of an envelope's signatures was made with the private half of a key. What a signature says of its key is not relied on.
 * @param key a public key in PEM
 * @throws Error where it is no such key
 */
export function isSignedBy(envelope: Envelope, key: string | Buffer): boolean {
  const signer = createPublicKey(key)
  const signed = preAuthenticationEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64'))
  return envelope.signatures.some(({ sig }) => verify(hashFor(signer), signed, signer, Buffer.from(sig, 'base64')))
}

/** The SHA-256 of a public key's DER form. */
function keyId(key: KeyObject): string {
  return createHash('sha256').update(key.export({ type: 'spki', format: 'der' })).digest('hex')
}

function hashFor(key: KeyObject): 'sha256' | null {
  if (key.asymmetricKeyType === 'ed25519') return null
  if (key.asymmetricKeyType === 'ec') return 'sha256'
  throw new Error(`a key of type ${key.asymmetricKeyType} is not taken: use Ed25519 or ECDSA`)
}
