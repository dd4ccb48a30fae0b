import { deflateRawSync } from 'node:zlib'
import type { Outcome } from '../../harness/case/outcome.ts'
import { compareVersions } from '../../harness/versions.ts'
import { markupText } from '../markup.ts'
import { evidenceMarkup } from './evidence.ts'

/** The evidence that a page carries: packed, for it is looked at piece by piece and would be most of the page. */
export type PackedEvidence = {
  /** Each is base64 of raw deflate of a JSON object: by the key of an outcome, its evidence as markup. */
  readonly blocks: readonly string[]
  /** The block that holds the evidence of an outcome. An outcome that is missing here has none on the page. */
  readonly blockOf: ReadonlyMap<Outcome, number>
}

/** Characters of markup that go into a block: what has to be unpacked for one look. */
const blockLength = 250_000

/** What an outcome's evidence is found by within its block. */
export function evidenceKey({ id, version }: Pick<Outcome, 'id' | 'version'>): string {
  return `${id} ${version}`
}

/**
 * Packs evidence for a page. Versions of one requirement lie side by side, where what they share costs nothing. Where the budget
 * is too small for all, passes at other versions than the newest are left out first, then known failings at such, then passes at
 * all; what is red goes last.
 * @param outcomes in the order in which the page has them
 * @param budget characters of all blocks together
 */
export function packEvidence(outcomes: readonly Outcome[], endpoint: string, budget: number): PackedEvidence {
  const rank = ranksOf(outcomes)
  const rendered = new Map<Outcome, string>()
  for (const outcome of outcomes) if (rank(outcome) < nothingToShow) rendered.set(outcome, markupText(evidenceMarkup(outcome, endpoint)))
  for (let worst = nothingToShow - 1; worst > 0; worst -= 1) {
    const packed = pack(outcomes.filter((outcome) => rank(outcome) <= worst), rendered)
    if (lengthOf(packed) <= budget) return packed
  }
  return cutTo(budget, pack(outcomes.filter((outcome) => rank(outcome) === 0), rendered))
}

function pack(outcomes: readonly Outcome[], rendered: ReadonlyMap<Outcome, string>): PackedEvidence {
  const blocks: string[] = []
  const blockOf = new Map<Outcome, number>()
  let open: Record<string, string> = {}
  let length = 0
  const close = () => {
    if (length === 0) return
    blocks.push(deflateRawSync(JSON.stringify(open), { level: 9 }).toString('base64'))
    open = {}
    length = 0
  }
  for (const outcome of outcomes) {
    const evidence = rendered.get(outcome) ?? ''
    if (length + evidence.length > blockLength) close()
    open[evidenceKey(outcome)] = evidence
    length += evidence.length
    blockOf.set(outcome, blocks.length)
  }
  close()
  return { blocks, blockOf }
}

function lengthOf({ blocks }: PackedEvidence): number {
  return blocks.reduce((sum, { length }) => sum + length, 0)
}

/** As many blocks as there is room for. */
function cutTo(budget: number, { blocks, blockOf }: PackedEvidence): PackedEvidence {
  let room = budget
  const kept = blocks.map((block) => (block.length > room ? '' : ((room -= block.length), block)))
  return { blocks: kept, blockOf: new Map([...blockOf].filter(([, block]) => kept[block] !== '')) }
}

const nothingToShow = 5

/** How telling each outcome's evidence is: 0 the most. */
function ranksOf(outcomes: readonly Outcome[]): (outcome: Outcome) => number {
  const newest = new Map<string, Outcome>()
  const alike = ({ id, verdict }: Outcome) => `${id} ${verdict}`
  for (const outcome of outcomes) {
    const best = newest.get(alike(outcome))
    if (best === undefined || compareVersions(outcome.version, best.version) > 0) newest.set(alike(outcome), outcome)
  }
  return (outcome) => {
    if (outcome.transcript.length === 0 && outcome.failure === undefined) return nothingToShow
    const isNewest = newest.get(alike(outcome)) === outcome
    if (outcome.verdict === 'pass') return isNewest ? 2 : 4
    if (outcome.verdict === 'known') return isNewest ? 1 : 3
    return isNewest ? 0 : 1
  }
}
