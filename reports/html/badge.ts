import type { Verdict } from '../../harness/case/outcome.ts'
import { markup, type Markup } from '../markup.ts'
import { verdictWords } from '../verdict-words.ts'

/** A verdict with its sign and its word. */
export function badge(verdict: Verdict): Markup {
  const { sign, word } = verdictWords[verdict]
  return markup`<span class="badge ${verdict}"><span aria-hidden="true">${sign}</span> ${word}</span>`
}
