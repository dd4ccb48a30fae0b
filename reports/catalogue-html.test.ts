import { expect, test } from 'vitest'
import { catalogueHtml } from './catalogue-html.ts'
import { readDocuments } from './documents.ts'
import { sampleResults } from './sample-results.ts'

test('the page of all requirements has each under its own lasting name, with sentence, source and span', () => {
  const { requirements } = sampleResults()
  const page = catalogueHtml(requirements, readDocuments(), '0.1.0')
  for (const { id, title } of requirements) {
    expect(page).toContain(`id="r-${id}"`)
    expect(page).toContain(`<a href="#r-${id}">${title}</a>`)
  }
  expect(page).toContain('AutoRemove')
  expect(page).toContain('from 1.25')
  expect(page).toContain('https://docs.docker.com/reference/api/engine/version/v1.25/#operation/ContainerStart')
  expect(page).not.toContain('<script')
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  expect(new Set(ids).size).toBe(ids.length)
})
