import { Command } from 'commander'
import { resolveTarget } from '../daemon/target.ts'
import { describeEndpoint } from '../wire/endpoint.ts'
import { createClient } from '../wire/http.ts'
import { addTargetOptions, targetRequest, type TargetOptions } from './target-options.ts'

/** `plimsoll target`: which daemon would be judged, and whether it answers. */
export function targetCommand(): Command {
  return addTargetOptions(new Command('target'))
    .description('say which daemon would be judged, where that comes from, and whether it answers')
    // The scripts of ci/ hand over the options of `run` as they are.
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (options: TargetOptions) => {
      const { endpoint, from } = resolveTarget(targetRequest(options, process.env))
      const client = createClient(endpoint)
      try {
        // Whatever it answers: someone is there.
        await client.request('GET', '/_ping', { timeoutMs: 10_000 })
        console.log(`${describeEndpoint(endpoint)} (${from})`)
      } finally {
        await client.close()
      }
    })
}
