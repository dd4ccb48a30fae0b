import { expect, until, type Api, type Box } from '../../harness/case/index.ts'

/** The state of a container, as inspecting shows it. */
export async function stateOf(api: Api, box: { readonly id: string }): Promise<{ readonly [field: string]: unknown }> {
  const answer = await api.get(`/containers/${box.id}/json`)
  return Object.fromEntries(answer.fields('State').map((field) => [field, answer.at('State', field)]))
}

/** Waits until the guest has said a line: then its process runs, and its signal handlers stand. */
export async function hasSaid(api: Api, box: Box, line: string): Promise<void> {
  await until(async () => expect((await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1 } })).text).toContain(line))
}
