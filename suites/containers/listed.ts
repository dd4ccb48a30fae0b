import { placesIn, type Api, type Place, type Stage } from '../../harness/case/index.ts'

/** A label of a case's own, with which its containers can be told from all others: in a container's Labels, and in a filter. */
export function markOf(stage: Stage): { readonly labels: Readonly<Record<string, string>>; readonly filter: string } {
  const mark = stage.name('mark')
  return { labels: { 'plimsoll.mark': mark }, filter: `plimsoll.mark=${mark}` }
}

/** The ids that a list of containers has, sorted, for no page says in what order they come; of all states, among those with a mark. */
export async function idsWith(api: Api, mark: { readonly filter: string }, filters: object = {}, query: object = {}): Promise<unknown[]> {
  const answer = await api.get('/containers/json', { query: { all: 1, filters: { label: [mark.filter], ...filters }, ...query } })
  return answer.list().map((entry) => entry.at('Id')).sort()
}

/** The ids of containers, as `idsWith` has them. */
export function idsOf(...boxes: readonly { readonly id: string }[]): string[] {
  return boxes.map(({ id }) => id).sort()
}

/** A container's entry in the list, by its id; `at()` is undefined where it is not listed. */
export async function entryOf(api: Api, id: string, query: object = {}): Promise<Place> {
  const answer = await api.get('/containers/json', { query: { all: 1, ...query } })
  return answer.list().find((entry) => entry.at('Id') === id) ?? placesIn(() => undefined, answer.exchange)
}
