import { expect, operation, until, type Api } from '../../harness/case/index.ts'

const clients = 10
/** Files that the daemon may open meanwhile for others. */
const others = 2

/** The daemon's open files, connections among them, as `/info` has counted them since v1.18. */
const openFiles = async (api: Api) => (await api.get('/info')).numberAt('NFd')

/** Streams that a daemon must not keep up for nobody. */
const streams = [
  { of: operation('GET /containers/{id}/logs'), id: 'stream-left-logs', path: (box: string) => `${box}/logs?stdout=1&follow=1` },
  { of: operation('GET /containers/{id}/stats'), id: 'stream-left-stats', path: (box: string) => `${box}/stats` },
  { of: operation('GET /events'), id: 'stream-left-events', path: () => '/events?since=0' },
]

for (const { of, id, path } of streams) {
  of.should('notice a client that goes away, and let go of what it held for it', {
    id, alone: true, versions: 'ends', needs: ['no-foreign-objects'], reality: 'no page speaks of it; each documents NFd of /info, by which it is seen',
  }, async ({ api, stage }) => {
    const box = await stage.container({ Cmd: ['emit', 'out=begun\\n', 'line'], OpenStdin: true })
    expect(await api.post(`${box.path}/start`)).toAnswer(204)
    const before = await openFiles(api)
    const open = await Promise.all(Array.from({ length: clients }, () => api.stream('GET', path(box.path))))
    for (const stream of open) expect(stream.status).toBe(200)
    await until(async () => expect(await openFiles(api)).toBeGreaterThanOrEqual(before + clients - others))
    for (const stream of open) stream.close()
    await until(async () => expect(await openFiles(api)).toBeLessThanOrEqual(before + others))
  })
}
