import { jsonObject } from '../daemon/json-object.ts'
import { caseLabel, namePrefix, runLabel } from '../daemon/marks.ts'
import type { Answer, Client } from '../wire/http.ts'
import { demultiplex, decodeFrames, FrameError } from '../wire/frames.ts'
import { Blocked } from './errors.ts'
import type { Bystander, Bystanders } from './settings.ts'

/** What the bystander that ran to its end had written, and its exit code. */
export const exitedBystander = { stdout: 'bystander out\n', stderr: 'bystander err\n', exitCode: 3 } as const

/**
 * Makes the containers that stand ready for a whole run.
 * @throws Blocked where the daemon can't run a container at all: then no case could
 */
export async function prepareBystanders(control: Client, runId: string, guestImage: string): Promise<Bystanders> {
  const create = async (hint: string, config: object): Promise<Bystander> => {
    const name = bystanderName(runId, hint)
    const answer = await ask(control, 'POST', `/containers/create?name=${name}`, 201, {
      Image: guestImage,
      Labels: { [runLabel]: runId, [caseLabel]: hint },
      ...config,
    })
    const id = jsonObject(answer)?.Id
    if (typeof id !== 'string') throw new Blocked('the daemon created a container and gave no Id')
    await ask(control, 'POST', `/containers/${id}/start`, 204)
    return { id, name }
  }
  const running = await create('bystander-running', { Cmd: ['hold'] })
  const steps = [`out=${exitedBystander.stdout.trim()}\\n`, `err=${exitedBystander.stderr.trim()}\\n`, `exit=${exitedBystander.exitCode}`]
  const exited = await create('bystander-exited', { Cmd: ['emit', ...steps], HostConfig: { NetworkMode: 'none' } })
  const waited = await ask(control, 'POST', `/containers/${exited.id}/wait`, 200)
  const logs = await ask(control, 'GET', `/containers/${exited.id}/logs?stdout=1&stderr=1`, 200)
  const output = outputOf(logs)
  const exitCode: unknown = jsonObject(waited)?.StatusCode
  if (exitCode !== exitedBystander.exitCode || output.stdout.toString() !== exitedBystander.stdout) {
    throw new Blocked(`the guest does not run as it should: it ended with ${String(exitCode)} and wrote ${JSON.stringify(output.stdout.toString())}`)
  }
  return { running, exited }
}

/**
 * Those of a run that stand ready, or new ones where one is gone: a case that prunes takes the one that has ended with it.
 * @throws Blocked where the daemon can't remove or make them
 */
export async function renewBystanders(control: Client, runId: string, guestImage: string): Promise<Bystanders> {
  const find = async (hint: string): Promise<Bystander | undefined> => {
    const name = bystanderName(runId, hint)
    const answer = await control.request('GET', `/containers/${name}/json`)
    const id = answer.status === 200 ? jsonObject(answer)?.Id : undefined
    return typeof id === 'string' ? { id, name } : undefined
  }
  const [running, exited] = await Promise.all([find('bystander-running'), find('bystander-exited')])
  if (running !== undefined && exited !== undefined) return { running, exited }
  for (const left of [running, exited]) if (left !== undefined) await ask(control, 'DELETE', `/containers/${left.id}?force=1`, 204)
  return await prepareBystanders(control, runId, guestImage)
}

const bystanderName = (runId: string, hint: string) => `${namePrefix}${runId}-${hint}`

function outputOf({ body, exchange }: Answer) {
  try {
    return demultiplex(decodeFrames(body))
  } catch (error) {
    if (!(error instanceof FrameError)) throw error
    throw new Blocked(`what the guest wrote can't be read: in its logs, ${error.message}`, { exchange, cause: error })
  }
}

async function ask(control: Client, method: string, path: string, status: number, body?: object) {
  const answer = await control.request(method, path, body === undefined ? {} : { body })
  if (answer.status !== status) throw new Blocked(`${method} ${path}: expected status ${status}, got ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
  return answer
}
