import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { Command } from 'commander'
import { exitCodes } from '../harness/cli/exit.ts'
import { formatExpectations, parseExpectations, type Expectation } from '../harness/cli/expected-proof.ts'
import { faultsNoticed } from '../harness/cli/proved.ts'
import { allFaults, whyUnobservable } from '../harness/faults/catalogue.ts'
import { loadCatalogue } from '../harness/schema/load.ts'
import type { Proof } from '../reports/proof.ts'

const command = new Command('faults-noticed')
  .description('Keeps what proofs found in the list that CI holds a sample of every submission against: newer proofs last, they win.')
  .argument('<proof.json...>', 'what "plimsoll prove" wrote')
  .option('--into <file>', 'the list', faultsNoticed)
  .action((paths: string[], { into }: { into: string }) => {
    const known = new Set(allFaults(loadCatalogue()).map(({ id }) => id))
    const all = new Map<string, Expectation>(existsSync(into) ? parseExpectations(readFileSync(into, 'utf8'), into) : [])
    for (const path of paths) {
      const proof = JSON.parse(readFileSync(path, 'utf8')) as Proof
      for (const [id, found] of parseExpectations(formatExpectations(proof), path)) all.set(id, found)
    }
    // What was found to be unobservable since is no gap of the suite any more.
    for (const [id, { result }] of all) if (result !== 'noticed' && whyUnobservable(id) !== undefined) all.set(id, { result: 'unobservable' })
    const lines = [...all].filter(([id]) => known.has(id)).map(([id, { result, version, case: by }]) => [id, result, ...(version === undefined || by === undefined ? [] : [version, by])].join('\t'))
    writeFileSync(into, `# What the last proofs found on Docker 20.10: fault, result, and for what was noticed the version and the case. Written by ci/faults-noticed.ts.\n${lines.toSorted().join('\n')}\n`)
    process.exitCode = exitCodes.conformant
  })

await command.parseAsync()
