import { describeRange } from '../../harness/versions.ts'
import { whyNoCertificate } from '../certificate.ts'
import { markup, type Markup } from '../markup.ts'
import { judgeProfiles } from '../profiles.ts'
import type { Results } from '../results.ts'
import { verdicts } from '../tally.ts'
import { verdictWords } from '../verdict-words.ts'

const signs: Readonly<Record<Results['verdict'], string>> = { conformant: '✓', nonconformant: '✗', undecided: '?' }

/** The verdict on the daemon, what it rests on, and the counts. */
export function headlineMarkup(results: Results): Markup {
  const { daemon, run, verdict, versions, outcomes, requirements } = results
  const range = `API ${describeRange(versions.run)}`
  return markup`<header class="${verdict}">
<p class="brand"><svg viewBox="0 0 48 32" aria-hidden="true"><circle cx="24" cy="16" r="11"/><path d="M2 16h44"/></svg> Plimsoll, the conformance suite for the Docker Engine API</p>
<h1>${daemon.product} ${daemon.version} <span class="verdict"><span aria-hidden="true">${signs[verdict]}</span> ${verdict}</span></h1>
<p class="lead">${sentence(results)} Judged at ${range}: ${requirements.length} requirements, ${outcomes.length} verdicts, in ${(run.durationMs / 1000).toFixed(1)} s on <time datetime="${run.startedAt}">${run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>.</p>
${run.interrupted && markup`<p class="warning"><b>This run was cut short:</b> what it did not reach is not judged.</p>`}
${countsMarkup(results)}
${certificateMarkup(results)}
<p class="asked">Asked for: <code>plimsoll ${run.arguments.join(' ')}</code></p>
</header>
`
}

function sentence({ verdict, counts }: Results): string {
  const red = counts.fail + counts.blocked + counts.stale
  const known = counts.known > 0 ? ` ${counts.known} ${counts.known === 1 ? 'verdict is a known failing' : 'verdicts are known failings'}, each with its reason.` : ''
  switch (verdict) {
    case 'conformant': return `Everything that was judged is as documented or known.${known}`
    case 'nonconformant': return `${red} ${red === 1 ? 'verdict is' : 'verdicts are'} red.${known}`
    case 'undecided': return 'What was seen does not suffice for a verdict: the run was cut short, the suite broke somewhere, or nothing was judged.'
  }
}

const profileSigns = { conformant: '✓', nonconformant: '✗', 'not-applicable': '–', undecided: '?' } as const

/** Whether the run suffices for a certificate, and how each profile stands, for they are certified apart. */
function certificateMarkup(results: Results): Markup {
  const objections = whyNoCertificate(results, undefined)
  const standing = [...judgeProfiles(results)].map(([profile, { verdict }]) => markup`<li class="${verdict}"><span aria-hidden="true">${profileSigns[verdict]}</span> ${profile} <small>${verdict.replace('-', ' ')}</small></li>`)
  const state = objections.length === 0 ? 'this run suffices for one. plimsoll certify writes it beside this page.' : `none of this run as a whole: ${objections.join('; ')}.`
  return markup`<p class="certificate"><b>Certificate:</b> ${state}</p>
<ul class="profiles" aria-label="Profiles">${standing}</ul>`
}

function countsMarkup({ counts }: Results): Markup {
  const present = verdicts.filter((verdict) => counts[verdict] > 0)
  const total = present.reduce((sum, verdict) => sum + counts[verdict], 0)
  let x = 0
  const bars = present.map((verdict) => {
    const width = (counts[verdict] / total) * 1000
    x += width
    return markup`<rect class="${verdict}" x="${(x - width).toFixed(2)}" y="0" width="${width.toFixed(2)}" height="10"/>`
  })
  return markup`<svg class="bar" viewBox="0 0 1000 10" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
<ul class="counts">${present.map((verdict) => markup`<li class="${verdict}"><span class="sign" aria-hidden="true">${verdictWords[verdict].sign}</span> <b>${counts[verdict]}</b> ${verdictWords[verdict].word}</li>`)}</ul>`
}
