import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { markup, markupText, trusted, type Markup } from './markup.ts'
import { faultResults, percent, scoreOf, scoresBy, type FaultResult, type Proof, type ProvedFault, type Score } from './proof.ts'

const style = readFileSync(new URL('./html/page.css', import.meta.url), 'utf8')

const titles: Readonly<Record<FaultResult, string>> = { noticed: 'noticed', survived: 'survived', 'not-exercised': 'not exercised', unobservable: 'unobservable' }
const explained: Readonly<Record<FaultResult, string>> = {
  noticed: 'A case that passes on the healthy daemon fails on the wrong one.',
  survived: 'The daemon was wrong, and every case that was tried passed, or was blocked, which accuses nobody.',
  'not-exercised': 'No case makes a request at which the fault would show.',
  unobservable: 'The fault can’t be seen from outside; the reason stands beside it.',
}

/** The proof for people: one page that needs nothing else and runs nothing. What a daemon sent is shown as text, whatever it is. */
export function formatProofPage(proof: Proof): string {
  const { daemon, faults, run, broken } = proof
  const groups = [
    ['systematic', faults.filter(({ kind }) => kind !== 'crafted')],
    ['crafted', faults.filter(({ kind }) => kind === 'crafted')],
  ] as const
  const scores = groups.filter(([, members]) => members.length > 0).map(([name, members]) => scoreOf(name, members))
  const lists = (['survived', 'not-exercised', 'unobservable', 'noticed'] as const).map((result) => [result, faults.filter((fault) => fault.result === result)] as const).filter(([, members]) => members.length > 0)
  return markupText(markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>What the suite notices – Plimsoll</title>
<style>${trusted(style)}</style></head>
<body><header>
<p class="brand"><svg viewBox="0 0 48 32" aria-hidden="true"><circle cx="24" cy="16" r="11"/><path d="M2 16h44"/></svg> Plimsoll, the conformance suite for the Docker Engine API</p>
<h1>What the suite notices</h1>
<p class="lead">A healthy daemon, ${daemon.product} ${daemon.version}, was made wrong in ${faults.length} ways, one after the other. ${scores.map(({ name, share }) => markup`Of the ${name} faults at which a case looked, <b>${percent(share)}</b> were noticed. `)}</p>
${run.sample && markup`<p>A sample: ${run.sample.size} of ${run.sample.of} faults, drawn by the seed ${run.sample.seed}.</p>`}
${run.interrupted && markup`<p class="warning"><b>This proof was cut short:</b> faults are missing.</p>`}
${broken.length > 0 && markup`<p class="warning"><b>The suite itself broke ${broken.length} times under a fault.</b> That is a defect of the suite.</p>`}
<p class="asked">Asked for: <code>plimsoll ${run.arguments.join(' ')}</code>, on <time datetime="${run.startedAt}">${run.startedAt.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}</time>, in ${(run.durationMs / 60_000).toFixed(1)} minutes.</p>
</header>
<nav aria-label="On this page"><ul><li><a href="#score">Score</a></li>${lists.map(([result, members]) => markup`<li><a href="#${result}">${titles[result]} (${members.length})</a></li>`)}</ul></nav>
<main>
<section aria-labelledby="score"><h2 id="score">Score</h2>
${scoreMarkup('All', scores)}${scoreMarkup('By kind', scoresBy('kind', faults))}${scoreMarkup('By area', scoresBy('area', faults))}</section>
${broken.length > 0 && markup`<section aria-labelledby="broken"><h2 id="broken">Where the suite broke</h2><ul>${broken.map((each) => markup`<li><code>${each.case}</code> v${each.version} under <code>${each.fault}</code>: ${each.reason}</li>`)}</ul></section>`}
${lists.map(([result, members]) => listMarkup(result, members))}
</main>
<footer><p>Made by ${proof.suite.name} ${proof.suite.version}. Beside this page: <code>proof.json</code>.</p></footer>
</body></html>
`)
}

function scoreMarkup(caption: string, scores: readonly Score[]): Markup {
  return markup`<div class="scroll"><table><caption>${caption}</caption><thead><tr><th scope="col">Faults</th>${faultResults.map((result) => markup`<th scope="col">${titles[result]}</th>`)}<th scope="col">Noticed, of those exercised</th><th scope="col">Exercised, of those observable</th></tr></thead>
<tbody>${scores.map((score) => markup`<tr><th scope="row">${score.name}</th>${faultResults.map((result) => markup`<td>${score[result]}</td>`)}<td>${percent(score.share)}</td><td>${percent(score.exercised)}</td></tr>
`)}</tbody></table></div>
`
}

function listMarkup(result: FaultResult, faults: readonly ProvedFault[]): Markup {
  const operations = [...Map.groupBy(faults, ({ operation }) => operation)]
  return markup`<section aria-labelledby="${result}"><h2 id="${result}">${titles[result]} (${faults.length})</h2><p>${explained[result]}</p>
${operations.map(([operation, members]) => markup`<details${result === 'survived' && trusted(' open')}><summary><code>${operation}</code>: ${members.length}</summary><ul>
${members.map((fault) => markup`<li><code>${fault.id}</code> ${fault.sentence}${detailMarkup(fault)}</li>
`)}</ul></details>
`)}</section>
`
}

function detailMarkup({ noticed, reason, tried, blocked, altered }: ProvedFault): Markup | undefined {
  if (reason !== undefined) return markup`<br><small>${reason}</small>`
  if (noticed !== undefined) {
    return markup`<br><small>noticed by <code>${noticed.case}</code> v${noticed.version}${noticed.through === 'shape' && ', by the shape of an answer'}${!noticed.rightly && `, charged to ${noticed.charged.join(', ')}`}: ${noticed.difference}</small>`
  }
  const [request] = altered
  return request === undefined ? undefined : markup`<br><small>altered <code>${request}</code>; ${tried} ${tried === 1 ? 'case' : 'cases'} tried${blocked > 0 && `, ${blocked} blocked`}</small>`
}
