#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import { printable } from '../wire/sanitize.ts'
import { outliveReaders } from './outlive-readers.ts'
import { certifyCommand } from './certify.ts'
import { cleanCommand } from './clean.ts'
import { compareCommand } from './compare.ts'
import { exitCodes } from './exit.ts'
import { expectedError } from './expected-error.ts'
import { listCommand } from './list.ts'
import { matrixCommand } from './matrix.ts'
import { proveCommand } from './prove.ts'
import { reportCommand } from './report.ts'
import { runCommand } from './run.ts'
import { showCommand } from './show.ts'
import { targetCommand } from './target.ts'
import { verifyCommand } from './verify.ts'

// Before anything is loaded: V8 would let each heap grow to what a server with a hundred times this work needs, and a daemon that sends much
// is to fill no machine.
setFlagsFromString('--optimize-for-size')

outliveReaders(process.stdout, process.stderr)

// Whatever this and its workers write is for nobody else to change, even where the shell leaves that open.
process.umask(process.umask() | 0o022)

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

const program = new Command('plimsoll')
  .description('The conformance suite for the Docker Engine API: runs what is documented for each API version against a daemon.')
  .version(version)
  .addCommand(runCommand(version))
  .addCommand(certifyCommand(version))
  .addCommand(verifyCommand())
  .addCommand(compareCommand())
  .addCommand(matrixCommand(version))
  .addCommand(reportCommand())
  .addCommand(listCommand(version))
  .addCommand(showCommand())
  .addCommand(cleanCommand())
  .addCommand(targetCommand())
  .addCommand(proveCommand(version))
  .addHelpText(
    'after',
    `
Exit codes:
  0    conformant: nothing unexpected
  1    nonconformant
  2    could not run: usage, daemon unreachable, no common API version
  3    the harness itself failed: please report it
  130  interrupted, cleaned up

Examples:
  plimsoll run                                  the daemon that docker talks to, all versions
  plimsoll run --api 1.24,1.25 --area exec
  plimsoll run --only 'container-create-*' --host tcp://127.0.0.1:2375
  plimsoll certify --disposable --key key.pem   the whole suite, and a signed certificate
  plimsoll compare before after                 what got worse, what got better
  plimsoll matrix --image docker:28-dind --image docker:29-dind   daemons in containers, side by side
  plimsoll list --source 1.24/07                the cases that come from the seventh change of 1.24
  plimsoll show container-start-created`,
  )
for (const command of [program, ...program.commands]) command.exitOverride().showHelpAfterError('(--help says what is possible)')

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = report(error)
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.couldNotRun
  const text = error instanceof Error ? error.message : String(error)
  if (expectedError(error)) {
    console.error(`plimsoll: ${printable(text, 4000).replaceAll('\\n', '\n')}`)
    return exitCodes.couldNotRun
  }
  console.error(`plimsoll: the harness itself failed: ${error instanceof Error ? (error.stack ?? text) : text}`)
  return exitCodes.fault
}
