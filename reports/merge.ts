import { documentedVersions } from '../harness/versions.ts'
import type { Results } from './results.ts'
import { countVerdicts, overallVerdict } from './tally.ts'

/** Results can't be put together. Its message says why. */
export class NoMerge extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'NoMerge'
  }
}

/**
 * Puts results of one daemon together that were made version by version, in jobs side by side.
 * @param parts each at versions of its own
 * @throws NoMerge where they are of different daemons or suites, or two of them were run at the same version
 */
export function mergeResults(parts: readonly Results[]): Results {
  const [first, ...others] = parts
  if (first === undefined) throw new NoMerge('there is nothing to put together')
  if (others.length === 0) return first
  for (const other of others) {
    if (identity(other) !== identity(first)) throw new NoMerge(`these are not of one daemon: ${identity(first)} and ${identity(other)}`)
    if (other.suite.version !== first.suite.version || other.suite.digest !== first.suite.digest) throw new NoMerge('these are not of one suite')
  }
  const run = parts.flatMap(({ versions }) => versions.run)
  const twice = run.find((version, index) => run.indexOf(version) !== index)
  if (twice !== undefined) throw new NoMerge(`two of these were run at ${twice}`)
  const versions = documentedVersions.filter((version) => run.includes(version))
  const outcomes = parts.flatMap((part) => part.outcomes)
  const counts = countVerdicts(outcomes)
  const interrupted = parts.some((part) => part.run.interrupted)
  const requirements = new Map(parts.flatMap((part) => part.requirements.map((requirement) => [requirement.id, requirement] as const)))
  const began = Math.min(...parts.map((part) => Date.parse(part.run.startedAt)))
  return {
    ...first,
    run: {
      ...first.run,
      startedAt: new Date(began).toISOString(),
      durationMs: Math.max(...parts.map((part) => Date.parse(part.run.startedAt) + part.run.durationMs)) - began,
      waitedMs: parts.reduce((sum, part) => sum + part.run.waitedMs, 0),
      disposable: parts.every((part) => part.run.disposable),
      interrupted,
      ...(parts.every((part) => part.run.narrowed !== undefined) && { narrowed: narrowedOf(parts, versions.length === documentedVersions.length) }),
      arguments: ['report', ...parts.map((part) => part.run.id)],
    },
    versions: {
      evidence: { ...first.versions.evidence, probed: Object.assign({}, ...parts.map((part) => part.versions.evidence.probed)) as Results['versions']['evidence']['probed'] },
      offered: versions,
      run: versions,
    },
    // What one of the jobs lacked was not there for all of them.
    capabilities: Object.assign({}, ...parts.map((part) => part.capabilities), ...parts.map((part) => Object.fromEntries(Object.entries(part.capabilities).filter(([, { present }]) => !present)))) as Results['capabilities'],
    requirements: [...requirements.values()].sort((one, other) => one.area.localeCompare(other.area) || one.operation.localeCompare(other.operation) || one.id.localeCompare(other.id)),
    outcomes,
    verdict: overallVerdict(counts, interrupted),
    counts,
  }
}

function identity({ daemon: { product, version, os, arch } }: Results): string {
  return `${product} ${version} ${os}/${arch}`
}

/** What kept a part of the suite out; that one job was for one version does not, where all of them together had every version. */
function narrowedOf(parts: readonly Results[], everyVersion: boolean): string[] {
  const all = new Set(parts.flatMap((part) => part.run.narrowed ?? []))
  return [...all].filter((option) => !everyVersion || !option.startsWith('--api '))
}
