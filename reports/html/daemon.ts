import { markup, type Markup } from '../markup.ts'
import { noticedPercent } from '../proof.ts'
import type { JudgedDaemon, Proved, Results } from '../results.ts'
import { redOf } from '../tally.ts'

/** The daemon: who it is, what versions it claims and what it did when asked, what it can do. */
export function daemonMarkup(results: Results): Markup {
  const { daemon, versions, capabilities, run, suite } = results
  const { evidence } = versions
  const facts: (readonly [string, string])[] = [
    ['Daemon', `${daemon.product} ${daemon.version}`],
    ['Endpoint', daemon.endpoint],
    ['Platform', `${daemon.os}/${daemon.arch}, kernel ${daemon.kernel}`],
    ['Claims', claims(results)],
    ['Offers', `${versions.offered.map((version) => `v${version}`).join(', ') || 'none'} of what this suite covers`],
    ['Was run', versions.run.map((version) => `v${version}`).join(', ') || 'none'],
    ['Run', `${run.id}, ${run.workers} workers, ${(run.waitedMs / 1000).toFixed(1)} of ${(run.durationMs / 1000).toFixed(1)} s spent waiting for the daemon${run.disposable ? ', on a daemon that is disposable' : ''}`],
    ['Suite', `${suite.name} ${suite.version}${suite.proved === undefined ? '' : `; proved on a daemon made wrong: it noticed ${provedText(suite.proved)}`}`],
  ]
  const names = Object.keys(capabilities).sort()
  const present = names.filter((name) => capabilities[name]?.present)
  return markup`<section aria-labelledby="daemon"><h2 id="daemon">The daemon</h2>
<dl class="facts">${facts.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>
<details><summary>Versions: what it claims, and what it did when asked</summary>
<div class="scroll"><table><caption>Status of GET /v<i>version</i>/version</caption><thead><tr><th scope="col">Version</th><th scope="col">Answer</th></tr></thead>
<tbody>${Object.entries(evidence.probed).map(([version, status]) => markup`<tr><th scope="row">v${version}</th><td>${status === 0 ? 'none' : status}</td></tr>`)}</tbody></table></div></details>
<details><summary>Capabilities: ${present.length} of ${names.length} present</summary>
<div class="scroll"><table><caption>What the daemon may lack without being nonconformant</caption><thead><tr><th scope="col">Capability</th><th scope="col">Present</th><th scope="col">How that was found out</th></tr></thead>
<tbody>${names.map((name) => markup`<tr><th scope="row">${name}</th><td>${capabilities[name]?.present ? '✓ yes' : '– no'}</td><td>${capabilities[name]?.reason}</td></tr>
`)}</tbody></table></div></details>
${suite.daemons !== undefined && suite.daemons.length > 0 && judgedMarkup(suite.daemons)}</section>
`
}

/** What the suite is known to find: by that a reader tells a daemon's departure from the suite's mistake. */
function judgedMarkup(daemons: readonly JudgedDaemon[]): Markup {
  return markup`<details><summary>The suite: what whole runs of it found on ${daemons.length} real daemons</summary>
<div class="scroll"><table><caption>By the lists of what each daemon is known to fail, with reasons</caption><thead><tr><th scope="col">Daemon</th><th scope="col">API</th><th scope="col">Pass</th><th scope="col">Known failings</th><th scope="col">Not applicable</th><th scope="col">Red</th><th scope="col">Judged</th></tr></thead>
<tbody>${daemons.map(({ daemon, versions, judged, counts }) => markup`<tr><th scope="row">${daemon}</th><td>${versions}</td><td>${counts.pass}</td><td>${counts.known}</td><td>${counts['not-applicable']}</td><td>${redOf(counts)}</td><td>${judged}</td></tr>
`)}</tbody></table></div></details>`
}

function provedText({ crafted, systematic }: Proved): string {
  return `${noticedPercent(crafted)} of ${crafted.tried} crafted faults, and ${noticedPercent(systematic)} of ${systematic.tried} that follow from the documents`
}

function claims({ versions: { evidence } }: Results): string {
  const said = [
    ['Api-Version of /_ping', evidence.pingHeader],
    ['ApiVersion of /version', evidence.apiVersion],
    ['MinAPIVersion of /version', evidence.minApiVersion],
  ] as const
  return said.map(([name, value]) => `${name}: ${value ?? 'not said'}`).join('; ')
}
