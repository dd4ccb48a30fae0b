import { randomUUID } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { githubAnnotations, githubSummary } from '../../reports/github.ts'
import type { Results } from '../../reports/results.ts'

/** Where GitHub runs this, it takes lines of the output for commands. */
export function isOnGithub(env: NodeJS.ProcessEnv): boolean {
  return env.GITHUB_ACTIONS === 'true'
}

/**
 * Keeps GitHub from taking anything that is printed for a command of the workflow: what a daemon sends is printed too.
 * @returns what lets commands pass again
 */
export function holdCommands(env: NodeJS.ProcessEnv): () => void {
  if (!isOnGithub(env)) return () => {}
  // No daemon can know the word that ends it.
  const word = randomUUID()
  console.log(`::stop-commands::${word}`)
  return () => console.log(`::${word}::`)
}

/** Leaves annotations and a job summary where GitHub runs this; commands have to pass. */
export function tellGithub(results: Results, env: NodeJS.ProcessEnv): void {
  if (!isOnGithub(env)) return
  for (const line of githubAnnotations(results)) console.log(line)
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, githubSummary(results))
}
