import { expect, until, type Api, type Box } from '../../harness/case/index.ts'
import { decodeFrames, demultiplex } from '../../harness/wire/frames.ts'

/** The state of a container, as inspecting shows it. */
export async function stateOf(api: Api, box: { readonly id: string }): Promise<{ readonly [field: string]: unknown }> {
  const answer = await api.get(`/containers/${box.id}/json`)
  return Object.fromEntries(answer.fields('State').map((field) => [field, answer.at('State', field)]))
}

/** What a container has written so far, first to its stdout, then to its stderr; on a terminal (`tty`) both are one. */
export async function writtenBy(api: Api, box: Box, options: { readonly tty?: boolean } = {}): Promise<string> {
  const answer = await api.get(`${box.path}/logs`, { query: { stdout: 1, stderr: 1 } })
  expect(answer).toAnswer(200)
  if (options.tty) return answer.text
  const { stdout, stderr } = demultiplex(decodeFrames(answer.body))
  return stdout.toString() + stderr.toString()
}

/** Waits until the guest has said a line: then its process runs, and its signal handlers stand. */
export async function hasSaid(api: Api, box: Box, line: string, options: { readonly tty?: boolean } = {}): Promise<void> {
  await until(async () => expect(await writtenBy(api, box, options)).toContain(line))
}
