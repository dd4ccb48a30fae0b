import { spawn } from 'node:child_process'
import { newRunId } from '../../harness/case/run-id.ts'
import { caseLabel, namePrefix, runLabel } from '../../harness/daemon/marks.ts'
import { findRemnants, sweep } from '../../harness/case/sweep.ts'
import { CouldNotRun } from '../../harness/cli/exit.ts'
import { loadGuest } from '../../harness/guest/load.ts'
import type { Endpoint } from '../../harness/wire/endpoint.ts'
import { createClient, type Answer, type Client } from '../../harness/wire/http.ts'
import { printable } from '../../harness/wire/sanitize.ts'
import { tarReader } from '../../harness/wire/tar-reader.ts'
import { columns } from '../../reports/columns.ts'
import type { Section } from './section.ts'

const fileBytes = 512 * 1024 ** 2
const rounds = 5
/** Of curl's throughput. */
const targetShare = 0.8
/** Bytes by which our memory may grow on the way: far less than the file. */
const memoryLimit = 128 * 1024 ** 2
const timeoutMs = 300_000

type Round = { readonly seconds: number; readonly grown: number }

/**
 * GET archive of a file of 512 MiB: read strictly by us, and thrown away by curl, in turns; the best round of each counts.
 * The file lies in a container of the guest's, which is removed afterwards with its image.
 * @throws CouldNotRun where the daemon or curl does not do its part
 */
export async function benchArchive(endpoint: Endpoint): Promise<Section> {
  const toCurl = curlArguments(endpoint)
  const client = createClient(endpoint)
  const runId = newRunId()
  try {
    const id = await stageFile(client, runId)
    const path = `/containers/${id}/archive?path=/big`
    const ours: Round[] = []
    const theirs: Round[] = []
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(await curl(toCurl, path))
      ours.push(await read(client, path))
    }
    const best = (all: readonly Round[]) => Math.min(...all.map(({ seconds }) => seconds))
    const rate = (seconds: number) => `${(fileBytes / 1024 ** 2 / seconds).toFixed(0)}`
    const share = best(theirs) / best(ours)
    const grown = Math.max(...ours.map((each) => each.grown))
    const row = (name: string, all: readonly Round[]) => [name, rate(best(all)), ...all.map(({ seconds }) => seconds.toFixed(2))]
    return {
      lines: [
        ...columns([['reader', 'MiB/s', ...ours.map((_, round) => `s, round ${round + 1}`)], row('curl', theirs), row('plimsoll', ours)]),
        `${(share * 100).toFixed(0)} % of curl's throughput; our memory grew by ${(grown / 1024 ** 2).toFixed(0)} MiB at most`,
      ],
      missed: [
        ...(share >= targetShare ? [] : [`we read ${share.toFixed(2)} of what curl does, and ${targetShare} is the target`]),
        ...(grown <= memoryLimit ? [] : ['our memory grows with the archive']),
      ],
    }
  } finally {
    const { failed } = await sweep(client, (await findRemnants(client)).filter((remnant) => remnant.runId === runId))
    for (const problem of failed) console.error(`left on the daemon: ${printable(problem)}`)
    await client.close()
  }
}

async function stageFile(client: Client, runId: string): Promise<string> {
  const ask = async (method: string, path: string, status: number, body?: object): Promise<Answer> => {
    const answer = await client.request(method, path, { timeoutMs: 60_000, ...(body && { body }) })
    if (answer.status !== status) throw new CouldNotRun(`${method} ${path} answered ${answer.status}: ${printable(answer.text, 300)}`)
    return answer
  }
  const { Arch: arch } = (await ask('GET', '/version', 200)).json() as { Arch?: unknown }
  if (arch !== 'amd64' && arch !== 'arm64') throw new CouldNotRun(`the guest is built for amd64 and arm64, and the daemon runs on ${printable(String(arch), 40)}`)
  const image = `${namePrefix}${runId}-guest:bench`
  await loadGuest(client, arch, image)
  const config = { Image: image, Cmd: ['truncate', '/big', String(fileBytes)], Labels: { [runLabel]: runId, [caseLabel]: 'bench' }, HostConfig: { NetworkMode: 'none' } }
  const { Id: id } = (await ask('POST', `/containers/create?name=${namePrefix}${runId}-bench`, 201, config)).json() as { Id?: unknown }
  await ask('POST', `/containers/${String(id)}/start`, 204)
  const { StatusCode: exitCode } = (await ask('POST', `/containers/${String(id)}/wait`, 200)).json() as { StatusCode?: unknown }
  if (exitCode !== 0) throw new CouldNotRun(`the file could not be made: the guest ended with ${String(exitCode)}`)
  return String(id)
}

async function read(client: Client, path: string): Promise<Round> {
  const before = process.memoryUsage().rss
  const began = performance.now()
  const stream = await client.stream('GET', path, { timeoutMs: 60_000 })
  if (stream.status !== 200) throw new CouldNotRun(`GET ${path} answered ${stream.status}`)
  const reader = tarReader()
  let content = 0
  let most = before
  await stream.pour((bytes) => {
    for (const item of reader.push(bytes)) if ('content' in item) content += item.content.byteLength
    if (content % (64 * 1024 ** 2) < bytes.byteLength) most = Math.max(most, process.memoryUsage().rss)
  }, timeoutMs)
  reader.end()
  const seconds = (performance.now() - began) / 1000
  stream.close()
  if (content !== fileBytes) throw new CouldNotRun(`the archive holds ${content} of the ${fileBytes} bytes of the file`)
  return { seconds, grown: most - before }
}

async function curl(to: { readonly options: readonly string[]; readonly origin: string }, path: string): Promise<Round> {
  const began = performance.now()
  const child = spawn('curl', ['-sS', '-f', '-o', '/dev/null', '-w', '%{size_download}', ...to.options, to.origin + path], { stdio: ['ignore', 'pipe', 'pipe'], timeout: timeoutMs })
  const said: Buffer[] = []
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (bytes: Buffer) => said.push(bytes))
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve)).catch((error: Error) => {
    throw new CouldNotRun(`curl could not be run: ${error.message}`, { cause: error })
  })
  const text = Buffer.concat(said).toString()
  if (code !== 0 || !(Number(text) > fileBytes)) throw new CouldNotRun(`curl did not get the archive: ${printable(text, 300)}`)
  return { seconds: (performance.now() - began) / 1000, grown: 0 }
}

function curlArguments(endpoint: Endpoint): { options: readonly string[]; origin: string } {
  if (endpoint.kind === 'socket') return { options: ['--unix-socket', endpoint.path], origin: 'http://localhost' }
  if (endpoint.kind === 'tcp' && endpoint.tls === undefined) return { options: [], origin: `http://${endpoint.host}:${endpoint.port}${endpoint.basePath ?? ''}` }
  throw new CouldNotRun('the archive is compared with curl over a unix socket or plain TCP: choose such an address with --host')
}
