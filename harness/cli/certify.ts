import { Command, InvalidArgumentError, Option } from 'commander'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { profiles, type Profile } from '../../reports/profiles.ts'
import { removeCertificates, writeCertificate } from '../../reports/write-certificate.ts'
import { printable } from '../wire/sanitize.ts'
import { documentedVersions } from '../versions.ts'
import { CouldNotRun, exitCodes } from './exit.ts'
import { addJudgingOptions, run, type RunOptions } from './run.ts'

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
  if (ended.left === undefined) return ended.exitCode
  const { results, written } = ended.left
  if (ended.exitCode === exitCodes.interrupted || ended.exitCode === exitCodes.fault) {
    removeCertificates(written.results)
    return ended.exitCode
  }
  const { paths, objections, lines } = writeCertificate(results, written.results, profile, privateKey)
  for (const line of lines) console.log(line)
  for (const objection of objections) console.error(`no certificate: ${printable(objection, 400)}`)
  return paths.length > 0 ? exitCodes.conformant : exitCodes.nonconformant
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
