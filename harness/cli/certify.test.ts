import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe } from 'vitest'
import { certifiableResults } from '../../reports/certifiable-results.ts'
import { certificateOf, formatCertificate } from '../../reports/certificate.ts'
import { signEnvelope } from '../../reports/dsse.ts'
import { formatResults } from '../../reports/results-json.ts'
import { plimsoll } from './spawn.ts'
import { test } from './test-fixtures.ts'

describe('plimsoll certify', { timeout: 120_000, concurrent: true }, () => {
  test.for([['--only', 'ping-ok'], ['--area', 'exec'], ['--operation', 'GET /_ping'], ['--source', '1.24/07'], ['--api', '1.25'], ['--quick'], ['--bail']])('takes no %j', async (args, { expect }) => {
    const { exitCode, stderr } = await plimsoll(['certify', '--host', 'unix:///no/such.sock', ...args])
    expect(stderr).toContain(`leave ${args[0]} out, or judge a part of it with "plimsoll run"`)
    expect(exitCode).toBe(2)
  })

  test('refuses a profile that there is not, and a key that can not sign, before anything runs', async ({ expect, folder, daemon }) => {
    const { host, requests } = await daemon()
    const key = join(folder, 'key.pem')
    writeFileSync(key, 'no key')
    const unknown = await plimsoll(['certify', '--host', host, '--profile', 'all'])
    expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringContaining('there is no profile "all"; there are core, build')])
    const unkeyed = await plimsoll(['certify', '--host', host, '--key', key])
    expect([unkeyed.exitCode, unkeyed.stderr]).toEqual([2, expect.stringContaining('is no private key that can sign')])
    expect(requests).toEqual([])
  })
})

describe('plimsoll verify', { timeout: 120_000, concurrent: true }, () => {
  test('says what holds, and exits with 1 where something does not', async ({ expect, folder }) => {
    const path = (name: string) => join(folder, name)
    const results = certifiableResults()
    const text = formatResults(results)
    const certificate = formatCertificate(certificateOf(results, Buffer.from(text), undefined))
    const { privateKey, publicKey } = generateKeyPairSync('ed25519', { privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'pem' } })
    writeFileSync(path('results.json'), text)
    writeFileSync(path('certificate.json'), certificate)
    writeFileSync(path('certificate.dsse.json'), JSON.stringify(signEnvelope(Buffer.from(certificate), privateKey)))
    writeFileSync(path('key.pub'), publicKey)

    const good = await plimsoll(['verify', path('certificate.dsse.json'), path('results.json'), '--key', path('key.pub')])
    expect(good.stdout).toContain('Docker 20.10.24: WARNED for core, events')
    expect(good.stdout).toContain('✓ it is signed with this key')
    expect(good.stdout).toContain('✓ all that it says follows from the results')
    expect(good.exitCode).toBe(0)

    const onGithub = await plimsoll(['verify', path('certificate.json')], { env: { GITHUB_ACTIONS: 'true' } })
    expect(onGithub.stdout).toMatch(/^::stop-commands::([0-9a-f-]{36})\n[^]*\n::\1::\n$/)

    writeFileSync(path('results.json'), `${text} `)
    const bad = await plimsoll(['verify', path('certificate.json'), path('results.json')])
    expect(bad.stderr).toContain('✗')
    expect(bad.exitCode).toBe(1)

    const unread = await plimsoll(['verify', path('none.json')])
    expect([unread.exitCode, unread.stderr]).toEqual([2, expect.stringContaining("can't be read")])
    const unkeyed = await plimsoll(['verify', path('certificate.json'), '--key', path('results.json')])
    expect([unkeyed.exitCode, unkeyed.stderr]).toEqual([2, expect.stringContaining('is no public key in PEM')])
  })
})
