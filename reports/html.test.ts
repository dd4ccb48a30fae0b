import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { readDocuments } from './documents.ts'
import { formatHtml } from './html.ts'
import { sampleResults } from './sample-results.ts'

const documents = readDocuments()
const page = formatHtml(sampleResults(), documents)
const script = readFileSync(new URL('./html/page.js', import.meta.url), 'utf8')
const style = readFileSync(new URL('./html/page.css', import.meta.url), 'utf8')
const packed = /<script type="text\/plain" id="evidence-\d+">([A-Za-z0-9+/=]*)<\/script>\n/g
/** The evidence of a page as its script would unpack it. */
const evidenceOf = (html: string) =>
  Object.assign({}, ...[...html.matchAll(packed)].map(([, block = '']) => JSON.parse(inflateRawSync(Buffer.from(block, 'base64')).toString('utf8')) as object)) as Record<string, string>
const evidence = Object.values(evidenceOf(page)).join('')
const withoutOwn = page.replace(script, '').replace(style, '').replaceAll(packed, '') + evidence
const tags = [...withoutOwn.matchAll(/<(\/?[a-z0-9!]+)([^<>]*)>/g)].map(([, name = '', attributes = '']) => ({ name, attributes }))

describe('formatHtml', () => {
  test('lets nothing run but its own script, and loads nothing', () => {
    const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`
    expect(page).toContain(`content="default-src 'none'; style-src '${hash(style)}'; script-src '${hash(script)}'; base-uri 'none'; form-action 'none'"`)
    expect(page.split('<script>')[1]?.split('</script>')[0]).toBe(script)
    expect(page.match(/<script/g)).toHaveLength(1 + Object.keys([...page.matchAll(packed)]).length)
    expect(page.split('<style>')[1]?.split('</style>')[0]).toBe(style)
    expect(page + evidence).not.toMatch(/<[^>]+ (src|style|on\w+|srcset|action)=/)
  })

  test('has no element and no attribute that a daemon could have brought', () => {
    const known = 'doctype html head meta title style body script a header nav main section footer form fieldset legend label input output button svg circle path rect span b i p ul ol li dl dt dd h1 h2 h3 h4 h5 code pre small details summary div table caption thead tbody tr th td article blockquote cite time select option noscript mark'
    const names = new Set(tags.map(({ name }) => name.replace(/^[/!]/, '').toLowerCase()))
    expect([...names].filter((name) => !known.split(' ').includes(name))).toEqual([])
    expect(withoutOwn.replace(/<(\/?[a-z0-9!]+)((?: [\w-]+(?:="[^"<>]*")?)*)\s*\/?>/g, '')).not.toMatch(/[<>]/)
    expect(tags.filter(({ name }) => name === 'script')).toHaveLength(1)
  })

  test('is ASCII to the last byte, which a browser reads fastest', () => {
    expect(page).toMatch(/^[\x00-\x7f]*$/)
    expect(page).toContain(': nonconformant &#8211; Plimsoll</title>')
  })

  test('has no control, invisible or reversing character', () => {
    expect(page + evidence).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\ufffe\uffff]/)
    expect(page.isWellFormed()).toBe(true)
  })

  test('leads to no address but of http', () => {
    const sample = sampleResults()
    const harmful = formatHtml({ ...sample, outcomes: sample.outcomes.map((outcome) => (outcome.link === undefined ? outcome : { ...outcome, link: 'javascript:alert(1)' })) }, documents)
    expect(harmful).toContain('What shows it (javascript:alert(1))')
    for (const [, address] of harmful.matchAll(/href="([^"]*)"/g)) expect(address).toMatch(/^(#|https?:\/\/)/)
  })

  test('every link within the page leads somewhere, and no two places have one name', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.matchAll(/href="#([^"]*)"/g)) expect(ids.some((id) => id === target || target?.startsWith(`${id}-v1.`)), target).toBe(true)
    for (const [, target] of page.matchAll(/aria-labelledby="([^"]*)"/g)) expect(ids).toContain(target)
  })

  test('headings go down one step at a time', () => {
    const levels = tags.filter(({ name }) => /^h\d$/.test(name)).map(({ name }) => Number(name[1]))
    expect(levels[0]).toBe(1)
    levels.slice(1).forEach((level, index) => expect(level - (levels[index] ?? 0)).toBeLessThanOrEqual(1))
  })

  test('shows requirement, source, evidence and how to repeat it', () => {
    expect(page).toContain('must start a container that was created')
    expect(page).toContain('AutoRemove')
    expect(page).toContain('https://github.com/moby/moby/blob/v1.13.1/docs/api/version-history.md#v125-api-changes')
    expect(page).toContain('Daemons of the time did otherwise.')
    expect(page).toContain('id="r-container-start-created-v1.25"')
    expect(page).toContain('<dt>difference</dt>')
    expect(evidence).toContain('curl -sS -i --unix-socket /var/run/docker.sock')
    expect(evidence).toContain('frame at byte 0: stdout')
    expect(evidence).toContain('<span class="frame head">01 00 00 00')
    expect(page).toContain('This run was cut short')
  })

  test('keeps the evidence of what failed before that of what passed, and says what is left out', () => {
    const sample = sampleResults()
    expect(page).not.toContain('is left out here')
    expect(Object.keys(evidenceOf(page))).toContain('container-start-created 1.24')
    // The largest page that has not room for all.
    let small = page
    for (let limit = page.length + 2_000; Object.hasOwn(evidenceOf(small), 'container-start-created 1.24'); limit -= 10) small = formatHtml(sample, documents, limit)
    expect(Object.keys(evidenceOf(small))).toContain('container-start-created 1.25')
    expect(Object.keys(evidenceOf(small))).not.toContain('container-start-created 1.24')
    expect(small).toMatch(/the evidence of \d of 6 verdicts is left out here/)
    expect(small).toContain('Evidence at v1.24: in results.json.')
  })

  test('says how well the suite itself is proved', () => {
    const results = sampleResults()
    const proved = { crafted: { noticed: 280, tried: 280 }, systematic: { noticed: 1506, tried: 1507 } }
    expect(formatHtml({ ...results, suite: { ...results.suite, proved } }, documents)).toContain('it noticed 100.0 % of 280 crafted faults, and 99.9 % of 1507 that follow from the documents')
    expect(page).not.toContain('it noticed')
  })

  test('says what the suite found on real daemons', () => {
    const results = sampleResults()
    const counts = { ...results.counts, pass: 1511, known: 704, fail: 2, blocked: 1, stale: 4 }
    const daemons = [{ daemon: 'Podman 5.4.2', versions: '1.24 to 1.25', judged: '2026-11-29', verdict: 'nonconformant' as const, counts }]
    expect(formatHtml({ ...results, suite: { ...results.suite, daemons } }, documents)).toMatch(/<th scope="row">Podman 5\.4\.2<\/th><td>1\.24 to 1\.25<\/td><td>1511<\/td><td>704<\/td><td>\d+<\/td><td>7<\/td><td>2026-11-29<\/td>/)
    expect(page).not.toContain('real daemons')
  })

  test('is there for a run that judged nothing', () => {
    const sample = sampleResults()
    const empty = formatHtml({ ...sample, requirements: [], outcomes: [], capabilities: {}, versions: { ...sample.versions, run: [], offered: [] } }, documents)
    expect(empty).toContain('API none')
  })
})
