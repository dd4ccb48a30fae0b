import type { NamedRegistry } from '../daemon/named-registry.ts'
import type { Endpoint } from '../wire/endpoint.ts'
import type { ApiVersion } from '../versions.ts'
import type { KnownFailing } from './known-failings.ts'

/** Which of all cases run. An absent part selects everything. */
export type Selection = {
  readonly areas?: readonly string[]
  /** `POST /containers/create`, with or without names in the braces. */
  readonly operations?: readonly string[]
  /** Ids, with `*` for any run of characters. */
  readonly only?: readonly string[]
  /** Where requirements come from: `change 1.24/07`, `1.24/07`, `general/03`, `operation`. */
  readonly sources?: readonly string[]
}

/** Cases that run side by side and cases that need the daemon for themselves, and the same for those that share a swarm. */
export type Phase = 'together' | 'alone' | 'swarm' | 'swarm-alone'

/** A container that stands ready for the whole run: cases read it and leave it as it is. */
export type Bystander = { readonly id: string; readonly name: string }

/** One that runs, and one that has ended. */
export type Bystanders = { readonly running: Bystander; readonly exited: Bystander }

/** One case at one version, held against a daemon that stands at another address than the one that is tidied up: a proxy before it. */
export type Trial = { readonly id: string; readonly version: ApiVersion; readonly endpoint: Endpoint }

/**
 * What a worker needs to know about the run, as plain data: it crosses from the command to vitest's workers.
 * In `catalogue` mode cases are only registered, each once, to be listed.
 */
export type RunSettings =
  | { readonly mode: 'catalogue' }
  | {
      readonly mode: 'run'
      /** By the id of the case: it runs once for each of these, and not at the run's own versions. */
      readonly trials?: Readonly<Record<string, readonly Trial[]>>
      /** All versions of this run, oldest first. */
      readonly versions: readonly ApiVersion[]
      /** Cases at their first and their last version only. */
      readonly quick: boolean
      readonly phase: Phase
      /** Why there is no swarm for the cases of the phase `swarm`; absent where there is one, and where none is wanted. */
      readonly swarmFailure?: string
      readonly selection: Selection
      readonly endpoint: Endpoint
      readonly runId: string
      readonly guestImage: string
      readonly bystanders: Bystanders
      readonly capabilities: Readonly<Record<string, { readonly present: boolean; readonly reason: string }>>
      /** The daemon's own current version, as `/version` says; absent where it doesn't. */
      readonly daemonVersion?: ApiVersion
      /** The address at which the daemon reaches servers of this process; there where the capability `reaches-suite` is. */
      readonly suiteAddress?: string
      /** There where the capability `registry` is. */
      readonly registry?: NamedRegistry
      /** A block device of the daemon's machine; there where the capability `blkio` is. */
      readonly blockDevice?: string
      /** The most that any answer may take, where the run says one. */
      readonly answerWithinMs?: number
      readonly disposable: boolean
      readonly known: readonly KnownFailing[]
    }

/** The settings of a worker that runs cases. */
export type WorkerSettings = Extract<RunSettings, { mode: 'run' }>

/** The settings of a case at one version. */
export type CaseSettings = WorkerSettings & { readonly version: ApiVersion }

declare module 'vitest' {
  interface ProvidedContext {
    plimsoll: RunSettings
  }
}
