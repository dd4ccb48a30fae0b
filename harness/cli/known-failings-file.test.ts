import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CouldNotRun } from './exit.ts'
import { readKnownFailings, shippedKnownFailings } from './known-failings-file.ts'

const entry = { id: 'ping-ok', versions: '1.18..1.20', because: 'got 500', reason: 'so it is', link: 'https://example.org/1' }
const daemon = { product: 'Docker', version: '20.10.' }

/** Reads a file of this content; an object is written as JSON, which is YAML too. */
function read(content: string | object) {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-known-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'known.yaml')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return readKnownFailings(path)
}

describe('readKnownFailings', () => {
  test('reads entries with a range, a list of ranges, or versions in quotes', () => {
    const list = read({ daemon, failings: [entry, { ...entry, versions: '1.18,1.24..1.25' }, { ...entry, versions: ['1.23'] }] })
    expect(list).toMatchObject({ product: 'Docker', version: '20.10.' })
    expect(list.entries.map(({ versions }) => versions)).toEqual([['1.18', '1.19', '1.20'], ['1.18', '1.24', '1.25'], ['1.23']])
    expect(list.entries[0]).toEqual({ ...entry, versions: ['1.18', '1.19', '1.20'] })
  })

  test('reads which entries are races', () => {
    expect(read({ daemon, failings: [{ ...entry, sometimes: true }] }).entries[0]).toEqual({ ...entry, versions: ['1.18', '1.19', '1.20'], sometimes: true })
  })

  const without = (name: keyof typeof entry) => Object.fromEntries(Object.entries(entry).filter(([own]) => own !== name))
  test.each([
    ['text that is no YAML', 'a: [b', /the known failings .*known\.yaml can't be read: /],
    ['nothing', '', /is no list of known failings: it needs "daemon" \(product, version\) and "failings"/],
    ['no daemon', { failings: [] }, /it needs "daemon"/],
    ['no failings', { daemon }, /it needs "daemon"/],
    ['a version of the daemon that is a number', `daemon: {product: Docker, version: 20.10}\nfailings: []\n`, /"daemon" needs a "product" and a "version", as text/],
    ['an entry that is no mapping', { daemon, failings: ['ping-ok'] }, /entry 1 is no mapping/],
    ['an unknown member', { daemon, failings: [entry, { ...entry, because_of: 'x' }] }, /entry 2 has an unknown member "because_of"/],
    ...(['id', 'because', 'reason', 'link'] as const).map((name): [string, object, RegExp] => [`no ${name}`, { daemon, failings: [without(name)] }, new RegExp(`entry 1 lacks "${name}"`)]),
    ['an empty because, which would fit anything', { daemon, failings: [{ ...entry, because: '' }] }, /entry 1 lacks "because"/],
    ['a link that is none', { daemon, failings: [{ ...entry, link: 'see moby' }] }, /entry 1: "link" must be an https:\/\/ address that shows the reason/],
    ['a sometimes that is not true', { daemon, failings: [{ ...entry, sometimes: 'yes' }] }, /entry 1: "sometimes" is true, or left out/],
    ['no versions', { daemon, failings: [without('versions')] }, /entry 1 lacks "versions": a range/],
    ['an empty list of versions', { daemon, failings: [{ ...entry, versions: [] }] }, /entry 1 lacks "versions"/],
    ['a version without quotes', { daemon, failings: [{ ...entry, versions: [1.2] }] }, /entry 1: 1\.2 is no version; put it in quotes/],
    ['a range that is none', { daemon, failings: [{ ...entry, versions: '1.25..1.18' }] }, /entry 1: the range 1\.25\.\.1\.18 is empty/],
  ] as [string, string | object, RegExp][])('refuses %s', (_what, content, complaint) => {
    expect(() => read(content)).toThrow(CouldNotRun)
    expect(() => read(content)).toThrow(complaint)
  })

  test('refuses a file that is not there', () => {
    expect(() => readKnownFailings('/no/such.yaml')).toThrow(/the known failings \/no\/such\.yaml can't be read: ENOENT/)
  })
})

describe('the lists that come with the suite', () => {
  const folder = fileURLToPath(new URL('../../ci/known-failings/', import.meta.url))

  test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s can be read, and names a failing once per version', (name) => {
    const { entries } = readKnownFailings(folder + name)
    const claims = entries.flatMap(({ id, versions, because }) => versions.map((version) => `${id} ${version} ${because}`))
    expect(new Set(claims).size).toBe(claims.length)
  })

  test.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))('%s is in the order of its ids, a pattern after what it could match', (name) => {
    const ids = readKnownFailings(folder + name).entries.map(({ id }) => id)
    const place = (id: string) => id.replaceAll('*', '~')
    expect(ids).toEqual(ids.toSorted((one, other) => (place(one) < place(other) ? -1 : place(one) > place(other) ? 1 : 0)))
  })

  test('are found by product and version', () => {
    expect(shippedKnownFailings('docker', '20.10.24+dfsg1')?.path).toMatch(/docker-20\.10\.yaml$/)
    expect(shippedKnownFailings('Docker', '20.1')).toBeUndefined()
    expect(shippedKnownFailings('Docker', '19.03.15')).toBeUndefined()
    expect(shippedKnownFailings('Moby', '20.10.24')).toBeUndefined()
  })
})
