import { Command } from 'commander'
import { createPublicKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { readResults } from '../../reports/read-results.ts'
import { verifyCertificate } from '../../reports/verify-certificate.ts'
import { printable } from '../wire/sanitize.ts'
import { CouldNotRun, exitCodes } from './exit.ts'
import { holdCommands } from './github.ts'

/** `plimsoll verify`: looks whether a certificate holds. */
export function verifyCommand(): Command {
  return new Command('verify')
    .description('look whether a certificate holds: its form, its signature, and that all it says follows from the results')
    .argument('<certificate>', 'certificate.json, or a DSSE envelope such as certificate.dsse.json')
    .argument('[results]', 'the results.json that it was made from')
    .option('--key <file>', 'the public key (PEM) that must have signed it')
    .action((certificate: string, results: string | undefined, { key }: { key?: string }) => {
      process.exitCode = verify(certificate, results, key)
    })
}

function verify(path: string, resultsPath: string | undefined, keyPath: string | undefined): number {
  const { certificate, found, wrong } = verifyCertificate(read(path), resultsPath === undefined ? undefined : readResults(resultsPath), keyPath === undefined ? undefined : readPublicKey(keyPath))
  const letCommandsPass = holdCommands(process.env)
  if (certificate !== undefined) {
    const { subject, predicate } = certificate
    const { certified, apiVersions, known, notApplicable } = predicate.plimsoll
    console.log(`${printable(subject[0].name, 200)}: ${predicate.result} for ${certified.join(', ')}`)
    console.log(`API ${printable(apiVersions.join(', '), 200)}; ${known.length} requirements are known to fail, ${notApplicable.length} do not apply`)
  }
  for (const line of found) console.log(`  ✓ ${line}`)
  for (const line of wrong) console.error(`  ✗ ${printable(line, 400)}`)
  if (wrong.length === 0 && resultsPath === undefined) console.log('  – whether it follows from the results was not looked at: name results.json as well')
  letCommandsPass()
  return wrong.length > 0 ? exitCodes.nonconformant : exitCodes.conformant
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new CouldNotRun(`${path} can't be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

function readPublicKey(path: string): string {
  const key = read(path)
  try {
    const { asymmetricKeyType } = createPublicKey(key)
    if (asymmetricKeyType !== 'ed25519' && asymmetricKeyType !== 'ec') throw new Error(`it is of type ${asymmetricKeyType}; Ed25519 and ECDSA are taken`)
    return key
  } catch (error) {
    throw new CouldNotRun(`--key: ${path} is no public key in PEM: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
