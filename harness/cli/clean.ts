import { Command } from 'commander'
import { parseRunId } from '../case/run-id.ts'
import { findRemnants, ofDeadRuns, sweep } from '../case/sweep.ts'
import { resolveTarget } from '../daemon/target.ts'
import { describeEndpoint } from '../wire/endpoint.ts'
import { createClient } from '../wire/http.ts'
import { printable } from '../wire/sanitize.ts'
import { CouldNotRun } from './exit.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from './target-options.ts'

/** `plimsoll clean`: removes what interrupted runs left on a daemon, and nothing else. */
export function cleanCommand(): Command {
  return addTargetOptions(new Command('clean'))
    .description('remove what interrupted runs left on a daemon, and nothing else')
    .option('--dry-run', 'only say what would be removed')
    .option('--all', 'also what runs left that may still be going on')
    .action(async (options: TargetOptions & { dryRun?: boolean; all?: boolean }) => {
      const { endpoint } = await resolveTarget(targetRequest(options, process.env))
      const client = createClient(endpoint)
      try {
        const remnants = await findRemnants(client)
        const chosen = options.all === true ? remnants : ofDeadRuns(remnants)
        const spared = remnants.length - chosen.length
        for (const { kind, name, runId } of chosen) {
          const since = parseRunId(runId)?.startedAt.toISOString() ?? 'unknown'
          console.log(`${options.dryRun === true ? 'would remove' : 'removing'} ${kind} ${printable(name)} (run of ${since})`)
        }
        if (spared > 0) console.log(`left ${spared} of runs that may still be going on (--all takes them too)`)
        if (chosen.length === 0) console.log(`nothing is left over on ${describeEndpoint(endpoint)}`)
        if (options.dryRun === true) return
        const { failed } = await sweep(client, chosen)
        if (failed.length > 0) throw new CouldNotRun(`not everything could be removed:\n${failed.map((problem) => `  ${printable(problem)}`).join('\n')}`)
      } finally {
        await client.close()
      }
    })
}
