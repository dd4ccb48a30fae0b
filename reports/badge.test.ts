import { expect, test } from 'vitest'
import { formatBadgeEndpoint, formatBadgeSvg } from './badge.ts'
import { certifiableResults } from './certifiable-results.ts'
import { sampleResults } from './sample-results.ts'

test('the endpoint says what shields.io asks for', () => {
  expect(JSON.parse(formatBadgeEndpoint(certifiableResults()))).toEqual({ schemaVersion: 1, label: 'Docker Engine API 1.24 to 1.25', message: 'conformant', color: 'brightgreen', isError: false })
  expect(JSON.parse(formatBadgeEndpoint(sampleResults()))).toEqual({ schemaVersion: 1, label: 'Docker Engine API 1.24 to 1.25', message: '2 of 4 red', color: 'red', isError: true })
})

test('a run in part is no whole one', () => {
  const whole = certifiableResults()
  expect(formatBadgeEndpoint({ ...whole, run: { ...whole.run, narrowed: ['--quick'] } })).toContain('"conformant in part"')
})

test('the image says the same to those who can not see it', () => {
  const svg = formatBadgeSvg(certifiableResults())
  expect(svg).toContain('aria-label="Docker Engine API 1.24 to 1.25: conformant"')
  expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" width="\d+"/)
})
