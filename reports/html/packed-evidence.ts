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
 * is too small for all, passes at versions between the oldest and the newest are left out first, then those at the oldest, then known
 * failings at other versions than the newest, then passes at all; what is red goes last.
 * @param outcomes in the order in which the page has them
 * @param budget characters of all blocks together
 */
export function packEvidence(outcomes: readonly Outcome[], endpoint: string, budget: number): PackedEvidence {
  const rank = ranksOf(outcomes)
  const rendered = new Map<Outcome, string>()
  for (const outcome of outcomes) if (rank(outcome) < nothingToShow) rendered.set(outcome, markupText(evidenceMarkup(outcome, endpoint)))
  let tooLong = Infinity
  for (let worst = nothingToShow - 1; worst > 0; worst -= 1) {
    const packed = pack(outcomes.filter((outcome) => rank(outcome) <= worst), rendered)
    const length = lengthOf(packed)
    if (length > budget) {
      tooLong = length
      continue
    }
    if (tooLong === Infinity) return packed
    // Of those that can't all be there as many as there is room for, newer versions first.
    const next = outcomes.filter((outcome) => rank(outcome) === worst + 1).sort((one, other) => compareVersions(other.version, one.version))
    const taken = new Set(next.slice(0, Math.floor((next.length * 0.95 * (budget - length)) / (tooLong - length))))
    const fuller = pack(outcomes.filter((outcome) => rank(outcome) <= worst || taken.has(outcome)), rendered)
    return lengthOf(fuller) <= budget ? fuller : packed
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

const nothingToShow = 6

/** How telling each outcome's evidence is: 0 the most. */
function ranksOf(outcomes: readonly Outcome[]): (outcome: Outcome) => number {
  const alike = Map.groupBy(outcomes, ({ id, verdict }) => `${id} ${verdict}`)
  const ends = new Map([...alike.values()].map((group) => group.toSorted((one, other) => compareVersions(one.version, other.version))).flatMap((group) => [[group[0], 'oldest'], [group.at(-1), 'newest']] as const))
  return (outcome) => {
    if (outcome.transcript.length === 0 && outcome.failure === undefined) return nothingToShow
    const end = ends.get(outcome)
    if (outcome.verdict === 'pass') return end === 'newest' ? 2 : end === 'oldest' ? 4 : 5
    if (outcome.verdict === 'known') return end === 'newest' ? 1 : 3
    return end === 'newest' ? 0 : 1
  }
}
