import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { formatProofPage } from './proof-html.ts'
import { faultResults, percent, scoreOf, scoresBy, type Proof, type Score } from './proof.ts'

/** Writes `proof.json` and the page beside it. */
export function writeProof(proof: Proof, folder: string): { readonly json: string; readonly page: string } {
  mkdirSync(folder, { recursive: true })
  const json = join(folder, 'proof.json')
  const page = join(folder, 'proof.html')
  writeFileSync(json, formatProof(proof))
  writeFileSync(page, formatProofPage(proof))
  return { json, page }
}

/** The text of `proof.json`: a fault a line, so that two can be compared. */
export function formatProof({ faults, ...rest }: Proof): string {
  const head = JSON.stringify(rest, null, 1).replace(/\n}$/, '')
  return `${head},\n "faults": [\n${faults.map((fault) => `  ${JSON.stringify(fault)}`).join(',\n')}\n ]\n}\n`
}

/** The score and the survivors, for a terminal. */
export function summarizeProof(proof: Proof): string {
  const { faults, broken } = proof
  const systematic = faults.filter(({ kind }) => kind !== 'crafted')
  const crafted = faults.filter(({ kind }) => kind === 'crafted')
  const survivors = faults.filter(({ result }) => result === 'survived')
  const unseen = faults.filter(({ result }) => result === 'not-exercised')
  const misplaced = faults.filter(({ noticed }) => noticed?.rightly === false)
  const lines = [
    '',
    ...table('kind', scoresBy('kind', faults)),
    '',
    ...table('area', scoresBy('area', faults)),
    '',
    ...(survivors.length === 0 ? [] : [`survived (${survivors.length}):`, ...survivors.map(({ id, altered, tried, blocked }) => `  ${id}: ${altered[0] ?? ''} (${tried} cases${blocked === 0 ? '' : `, ${blocked} of them blocked`})`)]),
    ...(unseen.length === 0 ? [] : [`not exercised (${unseen.length}): ${unseen.slice(0, 400).map(({ id }) => id).join(', ')}`]),
    ...(misplaced.length === 0 ? [] : [`noticed, but charged to another operation (${misplaced.length}): ${misplaced.slice(0, 100).map(({ id, noticed }) => `${id} (${noticed?.case})`).join(', ')}`]),
    ...broken.map(({ fault, case: id, version, reason }) => `the suite broke: ${id} v${version} under ${fault}: ${reason}`),
    '',
    ...table('all', [scoreOf('systematic', systematic), scoreOf('crafted', crafted)].filter(({ share }) => share !== undefined)),
  ]
  return lines.join('\n')
}

function table(title: string, scores: readonly Score[]): string[] {
  const width = Math.max(title.length, ...scores.map(({ name }) => name.length))
  const head = `${title.padEnd(width)}  ${faultResults.map((result) => result.padStart(14)).join('')}    share  exercised`
  return [head, ...scores.map((score) => `${score.name.padEnd(width)}  ${faultResults.map((result) => String(score[result]).padStart(14)).join('')}  ${percent(score.share).padStart(7)}  ${percent(score.exercised).padStart(9)}`)]
}
