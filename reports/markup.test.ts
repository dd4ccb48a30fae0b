import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { markup, markupText, trusted } from './markup.ts'

describe('markup', () => {
  test('escapes what is put in', () => {
    expect(markupText(markup`<p title="${'"\''}">${'<b>&</b>'}${1}</p>`)).toBe('<p title="&quot;&#39;">&lt;b&gt;&amp;&lt;/b&gt;1</p>')
  })

  test('takes templates, lists of them and nothing as they are', () => {
    expect(markupText(markup`${markup`<b>${'<'}</b>`}${[markup`1`, markup`2`]}${undefined}${false}${trusted('<i>')}`)).toBe('<b>&lt;</b>12<i>')
  })

  test('does not take parsed JSON for markup', () => {
    const forged = JSON.parse('{"escaped":"<b>","Symbol(escaped)":"<b>"}') as string
    expect(markupText(markup`${forged}`)).not.toContain('<b>')
    expect(markupText(markup`${[forged] as never}`)).not.toContain('<b>')
  })

  test('lets no text out of its place', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(markupText(markup`${text}`)).not.toMatch(/[<>"'\u0000-\u0008\u000b-\u001f\u007f-\u009f]|&(?!(amp|lt|gt|quot|#39);)/)
    }))
  })
})
