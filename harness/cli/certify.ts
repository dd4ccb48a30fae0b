import { Command, InvalidArgumentError, Option } from 'commander'
import { createPrivateKey } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { certificateOf, formatCertificate, whyNoCertificate } from '../../reports/certificate.ts'
import { signEnvelope } from '../../reports/dsse.ts'
import { profiles, type Profile } from '../../reports/profiles.ts'
import { printable } from '../wire/sanitize.ts'
import { documentedVersions } from '../versions.ts'
import { CouldNotRun, exitCodes } from './exit.ts'
import { addJudgingOptions, run, type Ended, type RunOptions } from './run.ts'

type CertifyOptions = Omit<RunOptions, 'api'> & { readonly profile?: Profile[]; readonly key?: string }

/** Options of `run` that keep a part of the suite out. They are known here only to say why they are not taken. */
const narrowing = ['--api <versions>', '--area <area>', '--operation <operation>', '--only <id>', '--source <source>', '--bail', '--quick']

/** `plimsoll certify`: judges a daemon by the whole suite, and states what came of it in a form that others can check. */
export function certifyCommand(suiteVersion: string): Command {
  const command = addJudgingOptions(new Command('certify'))
    .description('judge a daemon by the whole suite, and write a certificate (an in-toto statement) where it holds')
    .addOption(new Option('--profile <profiles>', `the profiles that must hold: ${profiles.join(', ')} (else all that apply to the daemon)`).argParser(profilesArgument))
    .option('--key <file>', 'sign it with this private key (PEM; Ed25519 or ECDSA): certificate.dsse.json')
    .action(async (options: CertifyOptions) => {
      process.exitCode = await certify(options, suiteVersion)
    })
  for (const flags of narrowing) command.addOption(new Option(flags).hideHelp().argParser(() => refuse(flags)))
  return command.on('option:bail', () => refuse('--bail')).on('option:quick', () => refuse('--quick'))
}

async function certify({ profile, key, ...options }: CertifyOptions, suiteVersion: string): Promise<number> {
  // Before the run: it takes minutes.
  const privateKey = key === undefined ? undefined : readPrivateKey(key)
  const ended = await run({ ...options, api: [...documentedVersions] }, suiteVersion)
  return ended.left === undefined ? ended.exitCode : conclude(ended, ended.left, profile, privateKey)
}

function conclude({ exitCode }: Ended, { results, written }: NonNullable<Ended['left']>, claim: Profile[] | undefined, privateKey: string | undefined): number {
  const folder = dirname(written.results)
  const [plain, signed] = [join(folder, 'certificate.json'), join(folder, 'certificate.dsse.json')]
  // Those of an earlier run would speak of another report.
  for (const path of [plain, signed]) rmSync(path, { force: true })
  if (exitCode === exitCodes.interrupted || exitCode === exitCodes.fault) return exitCode
  const objections = whyNoCertificate(results, claim)
  if (objections.length > 0) {
    for (const objection of objections) console.error(`no certificate: ${printable(objection, 400)}`)
    return exitCodes.nonconformant
  }
  const certificate = certificateOf(results, readFileSync(written.results), claim)
  const text = formatCertificate(certificate)
  writeFileSync(plain, text)
  console.log(`certificate: ${plain} (${certificate.predicate.result}: ${certificate.predicate.plimsoll.certified.join(', ')})`)
  if (privateKey !== undefined) {
    writeFileSync(signed, `${JSON.stringify(signEnvelope(Buffer.from(text), privateKey))}\n`)
    console.log(`signed:      ${signed}`)
  }
  return exitCodes.conformant
}

function readPrivateKey(path: string): string {
  try {
    const key = readFileSync(path, 'utf8')
    const { asymmetricKeyType } = createPrivateKey(key)
    if (asymmetricKeyType !== 'ed25519' && asymmetricKeyType !== 'ec') throw new Error(`it is of type ${asymmetricKeyType}; Ed25519 and ECDSA are taken`)
    return key
  } catch (error) {
    throw new CouldNotRun(`--key: ${path} is no private key that can sign: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function profilesArgument(text: string, previous: readonly Profile[] = []): Profile[] {
  const named = text.split(',').map((name) => name.trim())
  const unknown = named.find((name) => !(profiles as readonly string[]).includes(name))
  if (unknown !== undefined) throw new InvalidArgumentError(`there is no profile "${unknown}"; there are ${profiles.join(', ')}`)
  return [...new Set([...previous, ...(named as Profile[])])]
}

function refuse(flags: string): never {
  throw new CouldNotRun(`a certificate speaks of the whole suite: leave ${flags.split(' ')[0]} out, or judge a part of it with "plimsoll run"`)
}
