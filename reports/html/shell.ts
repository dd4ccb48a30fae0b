import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { markup, trusted, type Markup } from '../markup.ts'

const style = readFileSync(new URL('./page.css', import.meta.url), 'utf8')

/**
 * A page that needs nothing else and runs nothing but what it is given here, whatever its body holds.
 * @param script the page's own; its body has to have it as it is
 * @param body from `<body>` to `</body>`
 */
export function pageMarkup(title: string, script: string | undefined, body: Markup): Markup {
  const scripts = script === undefined ? markup`` : markup`; script-src '${hashOf(script)}'`
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${hashOf(style)}'${scripts}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(style)}</style></head>
${body}</html>
`
}

/** What a content security policy knows an inline style or script by. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
