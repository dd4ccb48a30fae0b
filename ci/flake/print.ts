import { join } from 'node:path'
import { requirementAnchor } from '../../reports/html/anchors.ts'
import { verdicts } from '../../reports/tally.ts'
import { roundFolder, type Round } from './rounds.ts'
import { changedVerdicts, type Changed } from './verdicts.ts'

/** A round that has ended, in one line. @param all the rounds so far, this one among them */
export function roundLine({ round, durationMs, verdict, counts }: Round, all: readonly Round[], times: number): string {
  const counted = verdicts.filter((each) => counts[each] > 0).map((each) => `${counts[each]} ${each}`)
  const changed = changedVerdicts(all).length
  return `round ${round} of ${times}: ${verdict}, ${counted.join(', ')} in ${(durationMs / 1000).toFixed(1)} s${all.length > 1 ? `; ${changed} verdict${changed === 1 ? ' has' : 's have'} changed so far` : ''}`
}

/** What changed, for people: each case with its odd rounds, their reasons, and where their reports are. */
export function printChanged(changed: readonly Changed[], rounds: number, out: string): string {
  if (changed.length === 0) return `no verdict changed in ${rounds} rounds`
  return [`${changed.length} verdict${changed.length === 1 ? '' : 's'} changed in ${rounds} rounds`, ...changed.map((each) => describe(each, out))].join('\n')
}

function describe({ id, version, usual, rounds }: Changed, out: string): string {
  const alike = rounds.filter(({ odd }) => !odd)
  const why = alike.find(({ reason }) => reason !== '')?.reason
  const odd = rounds.filter((one) => one.odd).flatMap(({ round, verdict, reason }) => [
    `  round ${round}: ${verdict}${reason === '' ? '' : `: ${reason.slice(0, 400)}`}`,
    `    ${join(roundFolder(out, round), 'index.html')}#${requirementAnchor(id, version)}`,
  ])
  return [`v${version} ${id}: ${usual} in ${alike.length} of ${rounds.length}${why === undefined ? '' : ` (${why.slice(0, 400)})`}`, ...odd].join('\n')
}
