import { Blocked, expect, type Api, type Place, type Stage } from '../../harness/case/index.ts'
import { readTar } from '../../harness/wire/tar.ts'

/** An id without the name of its algorithm, which the pages show in some answers and not in others. */
export const bare = (id: unknown): string => String(id).replace(/^sha256:/, '')

/** An image's entry in the list, by its id; undefined where the list has none. */
export async function entryOf(api: Api, id: string, query: object = {}): Promise<Place | undefined> {
  const answer = await api.get('/images/json', { query: { ...query } })
  expect(answer).toAnswer(200)
  return answer.list().find((entry) => bare(entry.at('Id')) === bare(id))
}

/** The bare ids of a list of images, in its order. */
export async function idsOf(api: Api, query: object = {}): Promise<string[]> {
  const answer = await api.get('/images/json', { query: { ...query } })
  expect(answer).toAnswer(200)
  return answer.list().map((entry) => bare(entry.at('Id')))
}

/** An image without a name: what committing a container makes where no repository is given. Gives its bare id. */
export async function nameless(api: Api, stage: Stage): Promise<string> {
  const box = await stage.container({ Labels: stage.imageLabels() })
  const answer = await api.post('/commit', { query: { container: box.id }, body: {} })
  const id: unknown = answer.status === 201 ? answer.at('Id') : undefined
  if (typeof id !== 'string') throw new Blocked(`could not commit a container: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
  return bare(id)
}

/** The bare id of the image that another is made of, as its inspection says. */
export async function parentOf(api: Api, id: string): Promise<string> {
  const parent: unknown = (await api.get(`/images/${id}/json`)).at('Parent')
  expect(String(parent), 'the id of the parent').toMatch(/^(sha256:)?[0-9a-f]{64}$/)
  return bare(parent)
}

/** What should be a list, or null where it would be empty. Asserts that it is one of them. */
export function asList(value: unknown): readonly unknown[] {
  expect([null, expect.any(Array)]).toContainEqual(value)
  return Array.isArray(value) ? value : []
}

/** A list that a daemon has in no order, sorted; what is no list as it is. */
export function sorted(value: unknown): unknown {
  return Array.isArray(value) ? [...value].sort() : value
}

/** The status of an image's inspection: 200 where it is there. */
export async function statusOf(api: Api, idOrName: string): Promise<number> {
  return (await api.get(`/images/${idOrName}/json`)).status
}

/** The files in an image, by name: those of a container that is made of it. */
export async function filesIn(api: Api, stage: Stage, image: string): Promise<Map<string, string>> {
  const box = await stage.container({ Image: image, Cmd: ['never', 'run'] })
  const answer = await api.get(`${box.path}/export`)
  expect(answer).toAnswer(200)
  return new Map((await readTar(answer.body)).map(({ name, content }) => [name, content.toString('utf8')]))
}
