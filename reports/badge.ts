import { describeRange } from '../harness/versions.ts'
import { markup, markupText } from './markup.ts'
import type { Results } from './results.ts'
import { redOf } from './tally.ts'
import { visible } from './visible.ts'

const colours: Readonly<Record<Results['verdict'], { readonly name: string; readonly hex: string }>> = {
  conformant: { name: 'brightgreen', hex: '#17703a' },
  nonconformant: { name: 'red', hex: '#b3201b' },
  undecided: { name: 'lightgrey', hex: '#596168' },
}

/** The two halves of a badge: which API, and what came of it. A badge has no room for what a daemon says of itself. */
function wordsOf({ verdict, versions, counts, run }: Results): { readonly label: string; readonly message: string } {
  const red = redOf(counts)
  const part = run.narrowed !== undefined && run.narrowed.length > 0 ? ' in part' : ''
  return { label: `Docker Engine API ${describeRange(versions.run)}`, message: red > 0 ? `${red} of ${red + counts.pass + counts.known} red` : `${verdict}${part}` }
}

/** A badge for https://shields.io/badges/endpoint-badge: one JSON text. */
export function formatBadgeEndpoint(results: Results): string {
  return `${JSON.stringify({ schemaVersion: 1, ...wordsOf(results), color: colours[results.verdict].name, isError: results.verdict === 'nonconformant' })}\n`
}

/** The same badge as an SVG image that needs no service. */
export function formatBadgeSvg(results: Results): string {
  const { label, message } = wordsOf(results)
  const title = visible(`${label}: ${message}`)
  const [left, right] = [widthOf(label), widthOf(message)]
  const width = left + right
  return markupText(markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="20" role="img" aria-label="${title}"><title>${title}</title>
<clipPath id="round"><rect width="${width}" height="20" rx="3"/></clipPath>
<g clip-path="url(#round)"><rect width="${left}" height="20" fill="#32383d"/><rect x="${left}" width="${right}" height="20" fill="${colours[results.verdict].hex}"/></g>
<g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11"><text x="${left / 2}" y="14">${label}</text><text x="${left + right / 2}" y="14">${message}</text></g></svg>
`)
}

/** About what 11 pixels of Verdana take, and a margin. */
function widthOf(text: string): number {
  return Math.round(text.length * 6.7) + 12
}
