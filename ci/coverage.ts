import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { readCatalogue } from '../harness/case/runner.ts'
import { CouldNotRun, exitCodes } from '../harness/cli/exit.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from '../harness/cli/target-options.ts'
import { resolveTarget, type Target } from '../harness/daemon/target.ts'
import { TargetError } from '../harness/daemon/target-error.ts'
import { describeEndpoint } from '../harness/wire/endpoint.ts'
import { loadCatalogue } from '../harness/schema/load.ts'
import { overhear } from '../harness/wire/overhear.ts'
import { startRelay } from '../harness/wire/relay.ts'
import type { Results } from '../reports/results.ts'
import { readStatements } from '../reports/sources.ts'
import { account } from './coverage/account.ts'
import { describedIn } from './coverage/described.ts'
import { createCounter, type Measurement } from './coverage/measurement.ts'
import { NotTestedError, readNotTested } from './coverage/not-tested.ts'
import { printAccount } from './coverage/print.ts'
import { readSurface, type SurfaceRow } from './coverage/surface.ts'

type Options = TargetOptions & {
  readonly api: string
  readonly area?: string
  readonly only?: string
  readonly out: string
  readonly from?: string
  readonly json?: true
}

const command = addTargetOptions(new Command('coverage'))
  .description('Measures what of the documented API crosses the wire when the suite runs: puts a relay between suite and daemon, and counts.')
  .option('--api <versions>', 'API versions: 1.24,1.25 or 1.20..1.25 or all', 'all')
  .option('--area <areas>', 'areas, in a list (else all that have schemas)')
  .option('--only <ids>', 'only these cases, as "plimsoll run --only" takes them: to see what a case adds')
  .option('--out <file>', 'where the measurement goes', 'coverage.json')
  .option('--from <file>', 'print an earlier measurement instead of taking one')
  .option('--json', 'print the account as JSON')
  .addHelpText('after', `
It runs the suite with --disposable: use a daemon that nobody needs, with a label of its own (dockerd --label) for the answers that have
labels of the engine. What is missing must stand in reports/not-tested.yaml with its reason, and what stands there must be missing.

Exit codes:
  0  the targets are met, and all that is missing has its reason
  1  they are not
  2  could not run`)
  .action(async (options: Options) => {
    process.exitCode = await cover(options)
  })

try {
  await command.parseAsync()
} catch (error) {
  const expected = [CouldNotRun, TargetError, NotTestedError].some((kind) => error instanceof kind)
  console.error(`coverage: ${error instanceof Error ? (expected ? error.message : error.stack) : String(error)}`)
  process.exitCode = expected ? exitCodes.couldNotRun : exitCodes.fault
}

async function cover(options: Options): Promise<number> {
  const surface = readSurface()
  const notTested = readNotTested(surface)
  const measurement = options.from === undefined ? await measure(options, surface) : readMeasurement(options.from)
  if (options.from === undefined) writeFileSync(options.out, `${JSON.stringify(measurement, null, 1)}\n`)
  const catalogue = await readCatalogue()
  const found = account({ measurement, surface, notTested, statements: readStatements(), requirements: catalogue.map(({ requirement }) => requirement), described: describedIn(loadCatalogue()) })
  console.log(options.json === true ? JSON.stringify(found, null, 2) : printAccount(measurement, found))
  return found.shortfalls.length === 0 ? 0 : 1
}

/** Runs the suite against the daemon through a relay, and counts what goes over it. */
async function measure(options: Options, surface: readonly SurfaceRow[]): Promise<Measurement> {
  const target = resolveTarget(targetRequest(options, process.env))
  const areas = options.area?.split(',').map((area) => area.trim()) ?? [...new Set(surface.map(({ area }) => area))]
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-coverage-'))
  const counter = createCounter([...new Set(surface.map(({ operation }) => operation))])
  try {
    const relay = await startRelay(target.endpoint, join(folder, 'relay.sock'), () => overhear(counter.add, counter.puzzle))
    let results: Results
    try {
      results = await runSuite(options, areas, join(folder, 'relay.sock'), folder)
    } finally {
      await relay.close()
    }
    for (const problem of relay.problems) counter.puzzle(problem)
    return counter.measured({ daemon: describe(results, target), areas, versions: results.versions.run })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function runSuite(options: Options, areas: readonly string[], socket: string, folder: string): Promise<Results> {
  const out = join(folder, 'report')
  const { DOCKER_HOST: _host, DOCKER_CONTEXT: _context, DOCKER_TLS_VERIFY: _verify, DOCKER_CERT_PATH: _certificates, ...env } = process.env
  const child = spawn(
    process.execPath,
    [
      fileURLToPath(new URL('../harness/cli/plimsoll.ts', import.meta.url)), 'run',
      '--host', `unix://${socket}`, '--api', options.api, '--area', areas.join(','), '--out', out, '--disposable', '--really',
      ...(options.only === undefined ? [] : ['--only', options.only]),
    ],
    // Its progress is for whoever watches; what this command prints itself stays apart.
    { env, stdio: ['ignore', 2, 2] },
  )
  const code = await new Promise<number | null>((done, failed) => child.once('error', failed).once('close', done))
  if (code !== exitCodes.conformant && code !== exitCodes.nonconformant) throw new CouldNotRun(`the suite could not be run (exit code ${code}); what it says stands above`)
  return JSON.parse(readFileSync(join(out, 'results.json'), 'utf8')) as Results
}

function describe(results: Results, target: Target): string {
  return `${results.daemon.product} ${results.daemon.version} at ${describeEndpoint(target.endpoint)}`
}

function readMeasurement(path: string): Measurement {
  try {
    const measurement = JSON.parse(readFileSync(resolve(path), 'utf8')) as Measurement
    if (measurement.format !== 'plimsoll-coverage/1') throw new Error('it has another format')
    return measurement
  } catch (error) {
    throw new CouldNotRun(`${path} is no measurement: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
