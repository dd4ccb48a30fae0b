import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { markup, markupText, trusted, type Markup } from '../markup.ts'

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
<title>${ascii(markup`${title}`)}</title>
<style>${trusted(style)}</style></head>
${ascii(body)}</html>
`
}

/**
 * Markup whose every character is ASCII, others as references: a browser reads megabytes of it several times as fast. A style or script
 * within it has to be ASCII from the start, for there nothing stands for a character.
 */
function ascii(content: Markup): Markup {
  return trusted(markupText(content).replace(/[^\x00-\x7f]/gu, (character) => `&#${character.codePointAt(0)};`))
}

/** What a content security policy knows an inline style or script by. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
