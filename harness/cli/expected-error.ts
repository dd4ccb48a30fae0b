import { NoMerge } from '../../reports/merge.ts'
import { NoResults } from '../../reports/read-results.ts'
import { Blocked } from '../case/errors.ts'
import { NoCommonVersion } from '../daemon/negotiate.ts'
import { TargetError } from '../daemon/target.ts'
import { GuestError } from '../guest/load.ts'
import { NotDisposable } from '../run/ready.ts'
import { DialError } from '../wire/dial.ts'
import { WireError } from '../wire/errors.ts'
import { CouldNotRun } from './exit.ts'

/** Whether an error says that something could not be run, and no more: its message is for people, and nothing of the suite is broken. */
export function expectedError(error: unknown): error is Error {
  return [CouldNotRun, NotDisposable, TargetError, NoCommonVersion, DialError, WireError, GuestError, Blocked, NoResults, NoMerge].some((kind) => error instanceof kind)
}
