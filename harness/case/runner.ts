import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { CliOptions, TestModule, TestUserConfig, Vitest } from 'vitest/node'
import type { ApiVersion } from '../versions.ts'
import type { CaseMeta } from './conformance.ts'
import { isBad, type Requirement } from './outcome.ts'
import { phaseOf, runsTogether, selects, versionsOf } from './selection.ts'
import type { Phase, RunSettings, Trial, WorkerSettings } from './settings.ts'

/** A requirement and the file that declares it. */
export type Catalogued = { readonly requirement: Requirement; readonly file: string }

/** Something that kept the suite itself from working: says nothing about the daemon. */
export type SuiteFault = { readonly where: string; readonly message: string }

const root = fileURLToPath(new URL('../../', import.meta.url))
/** All files with cases; in the published package everything is compiled. */
const suites = `suites/**/*.conformance.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`

/**
 * Reads all cases without running any.
 * @throws Error where a suite can't be read, or an id is declared twice
 */
export async function readCatalogue(): Promise<Catalogued[]> {
  const vitest = await open([project('catalogue', { mode: 'catalogue' }, [suites], 0)], {})
  try {
    const { testModules, unhandledErrors } = await vitest.collect([], { staticParse: false })
    const faults = [...unhandledErrors.map((error) => String((error as Error).stack ?? error)), ...testModules.flatMap((module) => errorsOf(module).map(({ message }) => message))]
    if (faults.length > 0) throw new Error(`the suites can't be read:\n${faults.join('\n')}`)
    const all = testModules.flatMap((module) =>
      [...module.children.allTests()].flatMap((test) => {
        const requirement = test.meta().plimsoll?.requirement
        return requirement === undefined ? [] : [{ requirement, file: module.moduleId }]
      }),
    )
    const twice = all.find(({ requirement }, index) => all.findIndex((other) => other.requirement.id === requirement.id) !== index)
    if (twice !== undefined) throw new Error(`two cases have the id ${twice.requirement.id}; ids are unique`)
    return all
  } finally {
    await vitest.close()
  }
}

/** What a run of the suites needs. `settings` lacks what differs per phase. */
export type SuiteRun = {
  readonly catalogue: readonly Catalogued[]
  readonly versions: readonly ApiVersion[]
  readonly phases: readonly Phase[]
  readonly settings: Omit<WorkerSettings, 'mode' | 'phase' | 'versions'>
  readonly workers: number
  readonly bail: boolean
  readonly onCase: (meta: CaseMeta) => void
  readonly signal: AbortSignal
}

/** Cases of one worker that run side by side: most of their time is the daemon's. */
const concurrency = 6

/**
 * Runs the selected cases: first all that can run side by side, then, one by one, those that need the daemon for themselves.
 * @returns what went wrong with the suite itself
 */
export async function runSuites(run: SuiteRun): Promise<SuiteFault[]> {
  const projects = run.phases.flatMap((phase) => {
    const settings = { mode: 'run', phase, versions: run.versions, ...run.settings } as const
    return projectOf(phase, settings, filesOf(run, phase), run.workers)
  })
  return start(projects, run)
}

/** What trials need: cases that run as often as is asked, each time against a daemon of its own. */
export type TrialRun = Omit<SuiteRun, 'versions' | 'bail' | 'settings'> & {
  readonly settings: Omit<WorkerSettings, 'mode' | 'phase' | 'versions' | 'trials' | 'quick' | 'selection'>
  readonly versions: readonly [ApiVersion, ...ApiVersion[]]
  /** By the id of the case. */
  readonly trials: Readonly<Record<string, readonly Trial[]>>
}

/**
 * Runs cases against daemons of their own: first all that can run side by side, then, one by one, those that need the daemon for themselves.
 * @returns what went wrong with the suite itself
 */
export async function runTrials(run: TrialRun): Promise<SuiteFault[]> {
  const projects = run.phases.flatMap((phase) => {
    const files = new Set(run.catalogue.filter(({ requirement }) => phaseOf(requirement) === phase && run.trials[requirement.id] !== undefined).map(({ file }) => file))
    const settings = { mode: 'run', versions: run.versions, phase, quick: false, selection: {}, trials: run.trials, ...run.settings } as const
    return projectOf(phase, settings, [...files], run.workers)
  })
  return start(projects, { ...run, bail: false })
}

async function start(projects: ReturnType<typeof project>[], run: Pick<SuiteRun, 'workers' | 'bail' | 'onCase' | 'signal'>): Promise<SuiteFault[]> {
  if (projects.length === 0) return []
  const faults: SuiteFault[] = []
  let cut = false
  const cancel = () => {
    cut = true
    void vitest.cancelCurrentRun('keyboard-input')
  }
  const vitest: Vitest = await open(projects, {
    maxWorkers: run.workers,
    reporters: [
      {
        onTestCaseResult(test) {
          const meta = test.meta().plimsoll
          if (meta?.outcome !== undefined) {
            run.onCase(meta)
            // Not vitest's own bail, which ends the workers of failures that it has not told yet.
            if (run.bail && isBad(meta.outcome)) cancel()
            return
          }
          const result = test.result()
          // Skipped without an outcome, or ended without any error while the run was being cut short: it did not come to its end.
          const unended = result.state === 'skipped' || (cut && (result.errors ?? []).length === 0)
          if (!unended) faults.push({ where: test.fullName, message: (result.errors ?? []).map((error) => error.stack ?? error.message).join('\n') })
        },
        onTestModuleEnd: (module) => void faults.push(...errorsOf(module)),
        onTestRunEnd: (_modules, errors) => void faults.push(...errors.map((error) => ({ where: 'unhandled', message: error.stack ?? error.message }))),
      },
    ],
  })
  run.signal.addEventListener('abort', cancel)
  try {
    // Interrupted while vitest was being loaded: no run is there yet that could be cancelled.
    if (!run.signal.aborted) await vitest.start()
  } finally {
    run.signal.removeEventListener('abort', cancel)
    await vitest.close()
  }
  return faults
}

function filesOf(run: SuiteRun, phase: Phase): string[] {
  const wanted = run.catalogue.filter(
    ({ requirement }) =>
      phaseOf(requirement) === phase &&
      selects(run.settings.selection, requirement) &&
      versionsOf(requirement, run.versions, run.settings.quick).length > 0,
  )
  return [...new Set(wanted.map(({ file }) => file))]
}

/**
 * The project of a phase, for all versions: vitest loads every module once more for each project that there is.
 * @param files none where there is nothing to run
 */
function projectOf(phase: Phase, settings: WorkerSettings, files: string[], workers: number) {
  if (files.length === 0) return []
  return [runsTogether(phase) ? project(phase, settings, files, 0, { maxWorkers: workers }) : project(phase, settings, files, 1, { maxWorkers: 1, fileParallelism: false })]
}

function project(name: string, settings: RunSettings, include: string[], groupOrder: number, extra: TestUserConfig = {}) {
  return {
    extends: false as const,
    root,
    test: {
      name,
      root,
      include,
      exclude: [],
      pool: 'threads' as const,
      isolate: false,
      // Modules come as Node itself loads them: vite would transform each, and keep the outcome in memory and where the suite lies.
      experimental: { viteModuleRunner: false },
      fsModuleCache: false,
      maxConcurrency: concurrency,
      passWithNoTests: true,
      provide: { plimsoll: settings },
      sequence: { groupOrder },
      ...extra,
    },
  }
}

async function open(projects: ReturnType<typeof project>[], options: TestUserConfig): Promise<Vitest> {
  const { createVitest } = await import('vitest/node')
  const quiet = { reporters: [{}] }
  const all: CliOptions = { config: false, root, watch: false, passWithNoTests: true, cache: false, fsModuleCache: false, ...quiet, ...options, projects }
  const output = { stdout: outliving(process.stdout), stderr: outliving(process.stderr) }
  return withOwnSignals(() => withOwnDataFolder(() => createVitest(all, {}, output)))
}

/** Prints to a stream that may be gone: vitest waits without end for workers whose output can't flow off. */
function outliving(stream: NodeJS.WriteStream): Writable {
  return new Writable({ write: (chunk: Uint8Array, encoding, done) => void stream.write(chunk, encoding, () => done()) })
}

/** Keeps the home of whoever runs this as it is: vitest writes a token there for a server that is never started, and ends where it can't. */
async function withOwnDataFolder<T>(make: () => Promise<T>): Promise<T> {
  const name = 'XDG_DATA_HOME'
  const before = process.env[name]
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-'))
  process.env[name] = folder
  try {
    return await make()
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, name)
    else process.env[name] = before
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Keeps the signals of this process with the command. vitest ends the process as soon as one comes, and what the run made
 * would stay on the daemon.
 */
async function withOwnSignals<T>(make: () => Promise<T>): Promise<T> {
  const signals = ['SIGINT', 'SIGTERM'] as const
  const before = signals.map((signal) => process.listeners(signal))
  try {
    return await make()
  } finally {
    signals.forEach((signal, index) => {
      for (const listener of process.listeners(signal)) if (!before[index]?.includes(listener)) process.off(signal, listener)
    })
  }
}

function errorsOf(module: TestModule): SuiteFault[] {
  return module.errors().map((error) => ({ where: module.moduleId, message: error.stack ?? error.message }))
}
