import { expect, test } from 'vitest'
import { withoutAnalytics } from './strip.ts'

const tag = `<script async src="https://www.googletagmanager.com/gtag/js?id=G-X"></script>
    <script>
        window.dataLayer = window.dataLayer || [];
        gtag('js', new Date());
    </script>
    `

test('takes the tag and its script out, and nothing else', () => {
  expect(withoutAnalytics(`<p>before</p>\n    ${tag}<script async>\nwindow.data = 1</script>`)).toBe('<p>before</p>\n    <script async>\nwindow.data = 1</script>')
  expect(withoutAnalytics('<p>none</p>')).toBe('<p>none</p>')
})

test('does not pass over a tag that it does not know', () => {
  expect(() => withoutAnalytics('<script src="//www.googletagmanager.com/other.js"></script>')).toThrow(/still has "googletagmanager"/)
})
