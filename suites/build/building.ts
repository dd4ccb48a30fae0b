import { expect, uncached, type Api, type ApiAnswer, type Place, type Query, type Stage } from '../../harness/case/index.ts'
import { packTar, type TarInput } from '../../harness/wire/tar.ts'

/** What the pages ask for. */
export const asTar = { 'Content-Type': 'application/tar' }

/** How an image is built. */
export type Build = {
  /** The guest image otherwise. */
  readonly from?: string
  readonly files?: readonly TarInput[]
  readonly query?: Query
  /** Beside that of the content. */
  readonly headers?: Readonly<Record<string, string>>
}

/** A build that has come to its end. */
export type Built = {
  readonly name: string
  /** The messages of the stream, in their order. */
  readonly messages: readonly any[]
  /** The texts of all messages, one after the other. */
  readonly output: string
}

/** A context: a Dockerfile that begins with `FROM` and the case's labels, and other files. */
export const contextOf = (stage: Stage, instructions: readonly string[], { from, files = [] }: Build = {}): Promise<Buffer> =>
  packTar([{ name: 'Dockerfile', content: stage.dockerfile(instructions, from) }, ...files])

/**
 * Builds an image with a name of its own, and reads the stream to its end, whatever it tells.
 * @throws an assertion's error where the answer is another than 200
 */
export async function build(api: Api, stage: Stage, instructions: readonly string[], options: Build = {}): Promise<Built> {
  return await buildFrom(api, stage, await contextOf(stage, instructions, options), options)
}

/** Builds from a context that is packed already. */
export async function buildFrom(api: Api, stage: Stage, context: Uint8Array, { query, headers }: Pick<Build, 'query' | 'headers'> = {}): Promise<Built> {
  const name = `${stage.name('built')}:1`
  stage.adopt('image', name)
  const stream = await api.stream('POST', '/build', { query: { ...uncached, t: name, ...query }, body: context, headers: { ...asTar, ...headers } })
  expect(stream.status, 'the status of a build that begins').toBe(200)
  const messages: any[] = await stream.allValues({ timeoutMs: 50_000 })
  return { name, messages, output: messages.map((message) => String(message?.stream ?? '')).join('') }
}

/** The error that a build ended with; undefined where it ended well. */
export function errorOf({ messages }: Pick<Built, 'messages'>): string | undefined {
  const error: unknown = messages.find((message) => message?.error !== undefined)?.error
  return error === undefined ? undefined : String(error)
}

/**
 * Asserts that a build was refused: by a status, or, where the stream had begun, by an error in it.
 * The pages document 500, and from 1.25 on 400.
 */
export function expectRefused(answer: ApiAnswer): void {
  expect(answer).toAnswer(500, 400, 200)
  if (answer.status === 200) expect(answer.text).toContain('"errorDetail"')
}

/** The id of a built image. Asserts that the build ended well, and that the image is there. */
export async function idOf(api: Api, built: Built): Promise<string> {
  expect(errorOf(built)).toBeUndefined()
  const answer = await api.get(`/images/${built.name}/json`)
  expect(answer).toAnswer(200)
  return String(answer.at('Id'))
}

/** The containers that the builds of a case have left, in any state or in one. */
export async function containersOf(api: Api, stage: Stage, status?: string): Promise<readonly Place[]> {
  const answer = await api.get('/containers/json', { query: { all: 1, filters: { label: [stage.imageFilter()], ...(status !== undefined && { status: [status] }) } } })
  expect(answer).toAnswer(200)
  return answer.list()
}
