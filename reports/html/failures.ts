import type { Outcome, Requirement } from '../../harness/case/outcome.ts'
import type { ApiVersion } from '../../harness/versions.ts'
import { reasonLine } from '../explain.ts'
import { markup, type Markup } from '../markup.ts'
import { isBad } from '../tally.ts'
import { requirementAnchor } from './anchors.ts'
import { badge } from './badge.ts'
import { nameVersions } from './ranges.ts'

/** All bad news in one list, each line leading to its requirement. Nothing where there is none. */
export function failuresMarkup(requirements: readonly Requirement[], outcomesOf: ReadonlyMap<string, readonly Outcome[]>, versions: readonly ApiVersion[]): Markup | undefined {
  const lines = requirements.flatMap((requirement) => {
    const bad = (outcomesOf.get(requirement.id) ?? []).filter(isBad)
    return [...Map.groupBy(bad, ({ verdict }) => verdict)].map(([verdict, group]) => {
      const named = nameVersions(group.map(({ version }) => version), versions)
      const last = group.at(-1)
      return markup`<li>${badge(verdict)} <a href="#${requirementAnchor(requirement.id, last?.version)}"><code>${requirement.operation}</code> ${requirement.title}</a> <small>${named}</small>
<p>${last && shortened(reasonLine(last))}</p></li>
`
    })
  })
  if (lines.length === 0) return undefined
  return markup`<section aria-labelledby="failures"><h2 id="failures">What is red</h2>
<ul class="failures">${lines}</ul></section>
`
}

function shortened(text: string): string {
  return text.length > 240 ? `${text.slice(0, 240)}…` : text
}
