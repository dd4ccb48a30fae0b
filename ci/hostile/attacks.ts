import type { FakeAnswer, FakeRequest } from '../../harness/run/fake-daemon.ts'
import { actingText, brokenContent, brokenHttp, type HostileAnswer } from '../../harness/wire/hostile-answers.ts'

/** One way for a daemon to be hostile for a whole run. */
export type Attack = { readonly name: string; readonly script: (request: FakeRequest) => FakeAnswer | undefined }

const answers: readonly HostileAnswer[] = [...brokenHttp, ...brokenContent]

/** Requests of a run before and after its cases, by a word for each. */
const places: Readonly<Record<string, (request: FakeRequest) => boolean>> = {
  'the first request': ({ path }) => path === '/_ping',
  'its version': ({ path }) => path === '/version',
  'what it can do': ({ path }) => path === '/info',
  'the list of containers': ({ path }) => path === '/containers/json',
  'the load of an image': ({ path }) => path === '/images/load',
  'the creation of a container': ({ path }) => path === '/containers/create',
  'the wait for a container': ({ path }) => path.endsWith('/wait'),
  'the logs of a container': ({ path }) => path.endsWith('/logs'),
  'the removal of anything': ({ method }) => method === 'DELETE',
  everything: () => true,
}

/** Every answer to the requests of every place: the cases run where the preparation gets through. */
const ofPlaces: readonly Attack[] = Object.entries(places).flatMap(([place, isMeant]) =>
  answers.map(({ name, send }) => ({ name: `${name}, for ${place}`, script: (request: FakeRequest) => (isMeant(request) ? send : undefined) })),
)

/** The requests of cases, each answered in another way. */
function ofCases(): Attack {
  let turn = 0
  return { name: 'the requests of cases, each answered in another way', script: ({ version, path }) => (version === undefined || path === '/version' ? undefined : answers[turn++ % answers.length]?.send) }
}

const listed = (count: number, name: (index: number) => string) =>
  Buffer.from(JSON.stringify(Array.from({ length: count }, (_, index) => ({ Id: String(index).padStart(64, '0'), Names: [name(index)], Image: 'x', Labels: { 'plimsoll.run': actingText } }))))

/** More than anybody keeps. */
function ofLists(): Attack[] {
  const many = listed(100_000, (index) => `/c${index}`)
  const long = listed(40, () => `/${'n'.repeat(2 ** 20)}`)
  const endless = listed(1, () => `/${'n'.repeat(70 * 2 ** 20)}`)
  const answering = (body: Buffer) => ({ path }: FakeRequest) => (path === '/containers/json' ? { body, headers: { 'Content-Type': 'application/json' } } : undefined)
  return [
    { name: '100,000 containers listed', script: answering(many) },
    { name: 'names of a mebibyte', script: answering(long) },
    { name: 'a list of 70 MiB', script: answering(endless) },
  ]
}

/** All attacks; the ones that take a whole run first. */
export function attacks(): Attack[] {
  return [ofCases(), ...ofLists(), ...ofPlaces]
}
