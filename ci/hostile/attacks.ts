import type { FakeAnswer, FakeRequest } from '../../harness/run/fake-daemon.ts'
import { actingText, brokenContent, brokenHttp, whole, type HostileAnswer } from '../../harness/wire/hostile-answers.ts'
import { brokenTars } from '../../harness/wire/hostile-tars.ts'
import { ending, headerBlock } from '../../harness/wire/tar-blocks.ts'

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

/** One attack for each answer, to all requests of a place. */
const attacksAt = (place: string, isMeant: (request: FakeRequest) => boolean, all: readonly HostileAnswer[]): Attack[] =>
  all.map(({ name, send }) => ({ name: `${name}, for ${place}`, script: (request) => (isMeant(request) ? send : undefined) }))

/** Answers the requests of a place with one after the other. */
function inTurn(isMeant: (request: FakeRequest) => boolean, all: readonly HostileAnswer[]): Attack['script'] {
  let turn = 0
  return (request) => (isMeant(request) ? all[turn++ % all.length]?.send : undefined)
}

/** Every answer to the requests of every place: the cases run where the preparation gets through. */
const ofPlaces: readonly Attack[] = Object.entries(places).flatMap(([place, isMeant]) => attacksAt(place, isMeant, answers))

/** The requests of cases, each answered in another way. */
function ofCases(): Attack {
  return { name: 'the requests of cases, each answered in another way', script: inTurn(({ version, path }) => version !== undefined && path !== '/version', answers) }
}

const isArchive = ({ method, path }: FakeRequest) => method === 'GET' && /^\/containers\/[^/]+\/(archive|export)$/.test(path)
/** As many entries as an archive may have that is kept, or nearly, and names that act on a terminal. */
const crowded = (entries: number) => {
  const blocks = Array.from<Buffer>({ length: entries }).fill(headerBlock({ 0: Buffer.from(actingText.slice(0, 60).replaceAll('\0', '')).subarray(0, 99).toString('latin1') }))
  return whole(`an archive of ${entries} entries`, Buffer.concat([...blocks, ending]), 'HTTP/1.1 200 OK\r\nContent-Type: application/x-tar\r\n')
}

/** The archives of containers: of one run each another, and the largest for all. */
function ofArchives(): Attack[] {
  const large = crowded(9_900)
  return [
    { name: 'the archives of containers, each another that wishes ill', script: inTurn(isArchive, brokenTars) },
    { name: `${large.name} for each archive of a container`, script: (request) => (isArchive(request) ? large.send : undefined) },
  ]
}

/** Each archive that wishes ill, for all archives of containers. */
const ofTars = attacksAt('the archives of containers', isArchive, brokenTars)

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
  return [ofCases(), ...ofArchives(), ...ofLists(), ...ofPlaces, ...ofTars]
}
