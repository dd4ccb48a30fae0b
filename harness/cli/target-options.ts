import { Option, type Command } from 'commander'
import type { TargetRequest } from '../daemon/target.ts'

/** The options that say which daemon, as commander gives them. */
export type TargetOptions = {
  readonly host?: string
  readonly context?: string
  readonly tls?: boolean
  readonly tlsverify?: boolean
  readonly tlscacert?: string
  readonly tlscert?: string
  readonly tlskey?: string
}

/** Adds the options that say which daemon to a command: the docker CLI's own. */
export function addTargetOptions(command: Command): Command {
  return command
    .option('-H, --host <url>', 'daemon: unix://, tcp://, http(s)://, npipe:// or ssh:// (else DOCKER_HOST, the docker context, the default socket)')
    .addOption(new Option('-c, --context <name>', 'docker context to take the daemon from'))
    .option('--tls', 'use TLS without verifying the daemon (implied by --tlsverify)')
    .option('--tlsverify', 'use TLS and verify the daemon')
    .option('--tlscacert <file>', 'trust certificates signed by this CA')
    .option('--tlscert <file>', 'client certificate')
    .option('--tlskey <file>', 'key of the client certificate')
}

/** What the options ask for, for `resolveTarget`. */
export function targetRequest(options: TargetOptions, env: NodeJS.ProcessEnv): TargetRequest {
  const { host, context, tls, tlsverify, tlscacert, tlscert, tlskey } = options
  return {
    ...(host !== undefined && { host }),
    ...(context !== undefined && { context }),
    tls: {
      ...(tls !== undefined && { tls }),
      ...(tlsverify !== undefined && { tlsverify }),
      ...(tlscacert !== undefined && { tlscacert }),
      ...(tlscert !== undefined && { tlscert }),
      ...(tlskey !== undefined && { tlskey }),
    },
    env,
  }
}
