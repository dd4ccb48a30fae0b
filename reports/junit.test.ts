import { describe, expect, test } from 'vitest'
import { formatJunit } from './junit.ts'
import { sampleResults } from './sample-results.ts'

const document = formatJunit(sampleResults())

describe('formatJunit', () => {
  test('has a suite per version and area, oldest version first', () => {
    expect([...document.matchAll(/<testsuite name="([^"]*)" tests="(\d)" failures="(\d)" errors="(\d)" skipped="(\d)" time="([\d.]+)" timestamp="([^"]*)"/g)].map(([, ...values]) => values.join(' '))).toEqual([
      'v1.24 containers 2 0 1 0 0.240 2026-01-02T03:04:05',
      'v1.24 system 1 0 0 1 0.120 2026-01-02T03:04:05',
      'v1.25 containers 2 1 0 1 0.240 2026-01-02T03:04:05',
      'v1.25 system 1 0 1 0 0.120 2026-01-02T03:04:05',
    ])
    expect(document).toContain('<testsuites name="plimsoll" tests="6" failures="1" errors="2" skipped="2" time="0.720">')
  })

  test('names a case by its id, its operation and its text', () => {
    expect(document).toContain(
      '<testcase name="container-start-created: POST /containers/{id}/start must start a container that was created" classname="v1.24.containers" time="0.120"/>',
    )
  })

  test('says what failed, and how', () => {
    expect(document).toMatch(/<failure message="fail: expected 204, not 500 [^"]*" type="fail">expected 204[^<]*\ndocumented: it answers 204\nsent: [^<]*\nreceived: [^<]*\ndifference: status 500\n/)
    expect(document).toMatch(/<skipped message="known: [^"]*\(https:\/\/example.org\/issues\/1\)"\/>/)
  })

  test('has the transcript of what is red, and a message of one short line', () => {
    expect(document.match(/<system-out>/g)).toHaveLength(2)
    expect(document).toMatch(/<system-out># 1, begun at 0 ms, took 12 ms\ncurl -sS/)
    for (const [, message = ''] of document.matchAll(/message="([^"]*)"/g)) expect(message.replace(/&[a-z#0-9]+;/g, 'x').length).toBeLessThan(260)
  })

  test('is well-formed XML, whatever the daemon says', () => {
    expect(document).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufffe\uffff]/)
    expect(document.isWellFormed()).toBe(true)
    const open: string[] = []
    let at = 0
    const token = /<\?xml[^?]*\?>|<(\/?)([\w-]+)((?: \w+="[^"<]*")*)(\/?)>|[^<]+/gy
    for (const match of document.matchAll(token)) {
      at += match[0].length
      const [text, closing, name, , single] = match
      expect(text).not.toMatch(/&(?!(amp|lt|gt|quot|#39);)/)
      if (name === undefined || single === '/') continue
      if (closing === '/') expect(open.pop()).toBe(name)
      else open.push(name)
    }
    expect(at).toBe(document.length)
    expect(open).toEqual([])
  })
})
