import { Command, Option } from 'commander'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { comparisonHtml } from '../../reports/comparison-html.ts'
import { summarizeComparison } from '../../reports/comparison-terminal.ts'
import { compareResults, type Comparison } from '../../reports/comparison.ts'
import { formatMatrix, judgedOf, matrixTable, type MatrixEntry } from '../../reports/matrix.ts'
import { documentedVersions } from '../versions.ts'
import { printable } from '../wire/sanitize.ts'
import { CouldNotRun, exitCodes, worstOf } from './exit.ts'
import { expectedError } from './expected-error.ts'
import { holdCommands } from './github.ts'
import { interruptible } from './interruptible.ts'
import { matrixImages, type MatrixImage } from './matrix-images.ts'
import { addCommonOptions, judgeImage, makeFolder, prepare, type HowOptions, type Prepared } from './run.ts'
import { versionsArgument } from './run-options.ts'
import { addSelectionOptions } from './selection-options.ts'

type MatrixOptions = Omit<HowOptions, 'knownFailing'> & { readonly image: string[]; readonly knownFailing?: string[]; readonly out: string }

/** `plimsoll matrix`: judges the daemons of several images, one after the other, and puts them side by side. */
export function matrixCommand(suiteVersion: string): Command {
  const list = (value: string, previous: string[] = []) => [...previous, value]
  return addSelectionOptions(addCommonOptions(new Command('matrix')))
    .description('judge daemons that are started in containers, one after the other, and put what they do side by side')
    .addOption(new Option('--image <image>', 'a daemon to judge, such as docker:28-dind or quay.io/podman/stable; given several times').argParser(list).makeOptionMandatory())
    .addOption(new Option('--api <versions>', 'API versions: 1.24,1.25 or 1.20..1.25 or all').argParser(versionsArgument).default([...documentedVersions], 'all'))
    .addOption(new Option('--known-failing <name=file>', 'list of known failings for an image ("none" for no list; else the one that comes with the suite for its daemon)').argParser(list))
    .option('--out <dir>', "folder for the comparison, and for each image's report in a folder of its own", 'plimsoll-matrix')
    .option('--bail', 'stop at the first failure of each')
    .option('--quick', 'each case at its first and its last version only')
    .addHelpText('after', `
DOCKER_HOST or the docker context says where the daemons are started. The first image is what the others are compared with.

Exit codes:
  0    all are conformant
  1    one is not
  2    one could not be judged
  130  interrupted; the daemon that was running is removed

Examples:
  plimsoll matrix --image docker:28-dind --image docker:29-dind --disposable
  plimsoll matrix --image docker:28-dind --image quay.io/podman/stable --area containers --known-failing quay.io/podman/stable=podman.yaml`)
    .action(async (options: MatrixOptions) => {
      process.exitCode = await matrix(options, suiteVersion)
    })
}

async function matrix({ image, knownFailing, out, ...how }: MatrixOptions, suiteVersion: string): Promise<number> {
  const images = matrixImages(image, knownFailing ?? [])
  const prepared = await prepare({ ...how, out }, suiteVersion)
  // What an earlier matrix found must not be taken for what this one did.
  for (const file of [pageOf(prepared), summaryOf(prepared)]) rmSync(file, { force: true })
  const stop = interruptible()
  const codes: number[] = []
  const entries: MatrixEntry[] = []
  try {
    for (const one of images) {
      if (stop.signal.aborted) entries.push({ image: one.image, name: one.name, why: interruptedBefore })
      else await judgeOne(one, how, prepared, stop.signal, (entry, code) => void (entries.push(entry), codes.push(code)))
    }
  } finally {
    stop.done()
  }
  const comparison = compareAll(entries, prepared)
  writeOrSay(summaryOf(prepared), formatMatrix(entries, comparison))
  const letCommandsPass = holdCommands(process.env)
  console.log(`\n${matrixTable(entries)}`)
  if (comparison !== undefined && comparison.compared.length > 1) console.log(`\n${summarizeComparison(comparison, process.stdout)}`)
  if (comparison !== undefined) console.log(`\ncomparison: ${pageOf(prepared)}`)
  letCommandsPass()
  return stop.signal.aborted ? exitCodes.interrupted : worstOf(codes)
}

const interruptedBefore = 'interrupted before its first case'

/** Judges the daemon of one image. What keeps it from being judged is told, and does not keep the others. */
async function judgeOne({ image, name, knownFailing }: MatrixImage, how: Omit<MatrixOptions, 'image' | 'knownFailing' | 'out'>, prepared: Prepared, signal: AbortSignal, onEnd: (entry: MatrixEntry, exitCode: number) => void): Promise<void> {
  try {
    const { exitCode, left } = await judgeImage(image, { ...how, ...(knownFailing !== undefined && { knownFailing }) }, { ...prepared, out: makeFolder(join(prepared.out, name)) }, signal)
    onEnd({ image, name, ...(left === undefined ? { why: interruptedBefore } : { results: left.results }) }, exitCode)
  } catch (error) {
    if (!expectedError(error)) throw error
    console.error(`plimsoll: ${printable(error.message, 4000).replaceAll('\\n', '\n')}`)
    onEnd({ image, name, why: error.message }, exitCodes.couldNotRun)
  }
}

/** Writes the page on which those that were judged stand side by side. Undefined where none was. */
function compareAll(entries: readonly MatrixEntry[], prepared: Prepared): Comparison | undefined {
  const judged = judgedOf(entries)
  if (judged.length === 0) return undefined
  // From "./" on, so that no folder's name can pass for a scheme.
  const comparison = compareResults(judged.map(({ image, name, results }) => ({ name: image, results, report: `./${encodeURIComponent(name)}/index.html` })))
  writeOrSay(pageOf(prepared), comparisonHtml(comparison, entries.flatMap((entry) => ('why' in entry ? [{ name: entry.image, why: entry.why }] : []))))
  return comparison
}

function pageOf({ out }: Prepared): string {
  return join(out, 'index.html')
}

function summaryOf({ out }: Prepared): string {
  return join(out, 'matrix.json')
}

function writeOrSay(path: string, content: string): void {
  try {
    writeFileSync(path, content)
  } catch (error) {
    throw new CouldNotRun(`--out: ${path} can't be written: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
