import { Command, Option } from 'commander'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { summarizeProof, writeProof } from '../../reports/proof-write.ts'
import type { Proof, ProvedFault } from '../../reports/proof.ts'
import { readCatalogue, type Catalogued } from '../case/runner.ts'
import { sameOperation } from '../case/selection.ts'
import { resolveTarget } from '../daemon/target.ts'
import { allFaults, whyUnobservable } from '../faults/catalogue.ts'
import { matchesPattern } from '../pattern.ts'
import { faultKinds, type Fault } from '../faults/fault.ts'
import { drawSample } from '../faults/sample.ts'
import { takeBaseline, type Baseline } from '../run/baseline.ts'
import { proveFaults, type Broken } from '../run/prove.ts'
import { withReadyDaemon } from '../run/ready.ts'
import { loadCatalogue } from '../schema/load.ts'
import { documentedVersions, type ApiVersion } from '../versions.ts'
import { describeEndpoint } from '../wire/endpoint.ts'
import { printable } from '../wire/sanitize.ts'
import { CouldNotRun, exitCodes } from './exit.ts'
import { readExpectations, regressions, type Expectation } from './expected-proof.ts'
import { knownFailingsFor, versionsArgument, wholeNumberArgument, workersArgument } from './run-options.ts'
import { interruptible } from './interruptible.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from './target-options.ts'

type ProveOptions = TargetOptions & {
  readonly kind?: string[]
  readonly operation?: string[]
  readonly area?: string[]
  readonly only?: string[]
  readonly api: ApiVersion[]
  readonly sample?: number
  readonly seed: number
  readonly baseline?: string
  readonly expect?: string
  readonly disposable?: true
  readonly really?: true
  readonly quick?: true
  readonly knownFailing?: string
  readonly guest?: string
  readonly workers: number
  readonly out: string
  readonly list?: true
}

/** `plimsoll prove`: makes a healthy daemon wrong in one way after the other, and counts which of them the suite notices. */
export function proveCommand(suiteVersion: string): Command {
  const list = (value: string, previous: string[] = []) => [...previous, ...value.split(',').map((item) => item.trim())]
  return addTargetOptions(new Command('prove'))
    .description('prove the suite: make a healthy daemon wrong in one way after the other, and count what is noticed')
    .addOption(new Option('--kind <kind>', `only faults of this kind: ${faultKinds.join(', ')}`).argParser(list))
    .addOption(new Option('--area <area>', 'only faults of operations of this area').argParser(list))
    .addOption(new Option('--operation <operation>', "only faults of this operation: 'GET /containers/json'").argParser(list))
    .addOption(new Option('--only <id>', "only faults of this id; * stands for anything: 'container-list.ignored-query.*'").argParser(list))
    .addOption(new Option('--api <versions>', 'API versions: 1.24,1.25 or 1.20..1.25 or all').argParser(versionsArgument).default([...documentedVersions], 'all'))
    .option('--sample <n>', 'draw so many of them', wholeNumberArgument(0))
    .option('--seed <n>', 'which sample: the same seed draws the same faults', wholeNumberArgument(0), 1)
    .option('--expect <file>', 'what an earlier proof noticed: its cases are tried first and no others, and a fault that survives now fails the proof')
    .option('--baseline <file>', 'what the cases do on the healthy daemon: read from this file, or kept there if it does not exist')
    .option('--quick', 'find out only at its first and its last version what a case does')
    .option('--disposable', 'also use cases that reach beyond what the suite makes: for daemons that nobody needs')
    .option('--really', 'with --disposable: also where the daemon holds what this suite did not make')
    .option('--known-failing <file>', 'list of known failings ("none" for no list; else the one that comes with the suite for this daemon)')
    .option('--guest <image>', 'an image on the daemon that holds the guest program, instead of loading it')
    .option('--workers <n>', 'worker threads', workersArgument, 2)
    .option('--out <dir>', 'folder for proof.json and the page', 'plimsoll-proof')
    .option('--list', 'list the faults that are selected, and try none')
    .addHelpText('after', `
Each fault is a proxy before the daemon that changes one thing and leaves every other byte alone. It is tried with the cases that make a
request at which it would show, at the first version of each, until one that passes on the healthy daemon fails.

Exit codes:
  0    done; with --expect, everything that was noticed once is noticed
  1    something that was noticed once survived, or an entry of --expect is stale
  2    could not run
  3    the suite broke under a fault, which is a defect of the suite
  130  interrupted; what was found so far is written`)
    .action(async (options: ProveOptions) => {
      process.exitCode = await prove(options, suiteVersion)
    })
}

async function prove(options: ProveOptions, suiteVersion: string): Promise<number> {
  const all = allFaults(loadCatalogue())
  const expected = options.expect === undefined ? undefined : readExpectations(options.expect)
  const stale = [...(expected?.keys() ?? [])].filter((id) => !all.some((fault) => fault.id === id))
  const selected = selectFaults(options, all).filter(({ id }) => expected === undefined || expected.get(id)?.result === 'noticed')
  const drawn = options.sample === undefined ? selected : drawSample(selected, options.sample, options.seed)
  if (options.list === true) {
    for (const { id, sentence } of drawn) console.log(`${id}\t${sentence}`)
    return exitCodes.conformant
  }
  const target = resolveTarget(targetRequest(options, process.env))
  const out = resolve(options.out)
  mkdirSync(out, { recursive: true })
  const hidden = drawn.flatMap((fault): ProvedFault[] => {
    const reason = whyUnobservable(fault.id)
    const { id, kind, operation, area, sentence, versions } = fault
    return reason === undefined ? [] : [{ id, kind, operation, area, sentence, versions, result: 'unobservable', reason, tried: 0, blocked: 0, altered: [] }]
  })
  const hiddenIds = new Set(hidden.map(({ id }) => id))
  const faults = drawn.filter(({ id }) => !hiddenIds.has(id))
  const [first, ...others] = options.api
  if (first === undefined) throw new CouldNotRun('--api names no version')
  const catalogue = await readCatalogue()
  const startedAt = new Date()
  const startedMs = performance.now()
  const broken: Broken[] = []
  const say = (line: string) => console.log(line)
  const stop = interruptible()
  try {
    const { proved, ready } = await withReadyDaemon(
      {
        target,
        versions: options.api,
        disposable: options.disposable ?? false,
        really: options.really ?? false,
        guest: options.guest,
        registry: undefined,
        signal: stop.signal,
        knownFailings: (product, version) => knownFailingsFor(options.knownFailing, product, version, catalogue),
        onSay: say,
      },
      async (ready) => {
        const versions = [first, ...others] as const
        const common = { ready, catalogue, faults, versions, workers: options.workers, signal: stop.signal, onSay: say }
        const kept = options.baseline === undefined || !existsSync(options.baseline) ? undefined : (JSON.parse(readFileSync(options.baseline, 'utf8')) as Baseline)
        let baseline = kept
        if (baseline === undefined) {
          const wanted = casesOf(catalogue, faults, expected, options)
          say(`baseline: ${wanted.length} cases on the healthy daemon`)
          let red = 0
          let run = 0
          const taken = await takeBaseline({
            ...common,
            wanted,
            quick: options.quick ?? false,
            // A baseline that is kept knows of every fault.
            faults: options.baseline === undefined ? faults : all,
            onCase({ outcome }) {
              run += 1
              if (run % 200 === 0) say(`  ${run} runs of cases · ${seconds(startedMs)}`)
              if (outcome === undefined || !['fail', 'blocked', 'fault'].includes(outcome.verdict)) return
              red += 1
              say(`  not usable: v${outcome.version} ${outcome.id}: ${outcome.verdict}, ${printable(outcome.reason ?? '', 150)}`)
            },
          })
          for (const { where, message } of taken.broken) broken.push({ fault: '', case: where, version: first, reason: message })
          baseline = taken.baseline
          if (options.baseline !== undefined && !stop.signal.aborted) writeFileSync(options.baseline, `${JSON.stringify(baseline)}\n`)
          say(`baseline: ${baseline.cases.length} runs of cases, ${red} of them not usable, in ${seconds(startedMs)}`)
        }
        const unknown = faults.filter(({ id }) => !baseline.faults.includes(id))
        if (unknown.length > 0) throw new CouldNotRun(`--baseline: ${options.baseline} does not know the fault ${unknown[0]?.id}: take a new one`)
        say(`trying ${faults.length} faults`)
        let done = 0
        const counts = { noticed: 0, survived: 0, 'not-exercised': 0, unobservable: 0 }
        const proved = await proveFaults({
          ...common,
          baseline,
          hints: new Map([...(expected ?? [])].flatMap(([id, { case: by, version }]) => (by === undefined || version === undefined ? [] : [[id, { case: by, version }]]))),
          onFault(fault) {
            done += 1
            counts[fault.result] += 1
            if (fault.result === 'survived') say(`  survived: ${fault.id} (${fault.tried} cases; ${printable(fault.altered[0] ?? '', 120)})`)
            if (done % 100 === 0) say(`${done}/${faults.length} · ${counts.noticed} noticed, ${counts.survived} survived, ${counts['not-exercised']} not exercised · ${seconds(startedMs)}`)
          },
          onBroken: (each) => void broken.push(each),
        })
        return { proved, ready }
      },
    )
    const proof: Proof = {
      format: 'plimsoll-proof/1',
      suite: { name: 'plimsoll', version: suiteVersion },
      run: {
        startedAt: startedAt.toISOString(),
        durationMs: Math.round(performance.now() - startedMs),
        interrupted: stop.signal.aborted,
        arguments: process.argv.slice(2),
        ...(options.sample !== undefined && { sample: { size: drawn.length, seed: options.seed, of: selected.length } }),
      },
      daemon: { endpoint: describeEndpoint(target.endpoint), ...ready.negotiated.identity },
      versions: ready.negotiated.offered,
      faults: [...proved, ...hidden],
      broken,
    }
    const written = writeProof(proof, out)
    console.log(summarizeProof(proof))
    console.log(`\nproof: ${written.page}`)
    if (stop.signal.aborted) return exitCodes.interrupted
    if (broken.length > 0) return exitCodes.fault
    const complaints = [...stale.map((id) => `${id}: ${options.expect} lists it, and there is no such fault: take the entry off`), ...(expected === undefined ? [] : regressions(expected, proof, drawn))]
    for (const complaint of complaints) console.error(complaint)
    return complaints.length === 0 ? exitCodes.conformant : exitCodes.nonconformant
  } finally {
    stop.done()
  }
}

/** The faults that the options ask for. @throws CouldNotRun where a part of them asks for nothing */
function selectFaults(options: ProveOptions, all: readonly Fault[]): Fault[] {
  for (const kind of options.kind ?? []) if (!faultKinds.some((known) => known === kind)) throw new CouldNotRun(`there is no kind "${kind}"; there are ${faultKinds.join(', ')}`)
  const selected = all.filter(
    ({ id, kind, area, operation }) =>
      (options.kind?.includes(kind) ?? true) &&
      (options.area?.includes(area) ?? true) &&
      (options.operation?.some((wanted) => sameOperation(wanted, operation)) ?? true) &&
      (options.only?.some((pattern) => matchesPattern(pattern, id)) ?? true),
  )
  if (selected.length === 0) throw new CouldNotRun('no fault is selected by all of --kind, --area, --operation and --only together; --list shows which there are')
  return selected
}

/** The cases that the baseline needs: those of the areas concerned or, where an earlier proof names them, these alone. */
function casesOf(catalogue: readonly Catalogued[], faults: readonly Fault[], expected: ReadonlyMap<string, Expectation> | undefined, options: ProveOptions): { id: string; versions?: ApiVersion[] }[] {
  if (expected !== undefined) {
    const named = faults.flatMap(({ id }) => {
      const entry = expected.get(id)
      return entry?.case === undefined || entry.version === undefined ? [] : [{ id: entry.case, version: entry.version }]
    })
    return [...Map.groupBy(named, ({ id }) => id)].map(([id, entries]) => ({ id, versions: [...new Set(entries.map(({ version }) => version))] }))
  }
  const all = catalogue.map(({ requirement }) => requirement)
  const operations = new Set(faults.map(({ operation }) => operation))
  const everything = options.baseline !== undefined
  const narrow = options.operation !== undefined || options.only !== undefined
  return all
    .filter(({ area, operation }) => everything || (narrow ? operations.has(operation) : (options.area?.includes(area) ?? true)))
    .map(({ id }) => ({ id }))
}

function seconds(since: number): string {
  return `${Math.round((performance.now() - since) / 1000)} s`
}
