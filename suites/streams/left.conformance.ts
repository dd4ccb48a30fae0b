import { expect, operation, until, type Api } from '../../harness/case/index.ts'

const clients = 10

/** What `/info` says of the daemon's open files, connections among them, or of whoever listens to its events. */
const told = async (api: Api, field: 'NFd' | 'NEventsListener') => (await api.get('/info')).numberAt(field)

/** Streams that a daemon must not keep up for nobody. Others may use the daemon meanwhile, so that most of the ten are enough. */
const streams = [
  { of: operation('GET /containers/{id}/logs'), id: 'stream-left-logs', path: (box: string) => `${box}/logs?stdout=1&follow=1`, field: 'NFd' },
  { of: operation('GET /containers/{id}/stats'), id: 'stream-left-stats', path: (box: string) => `${box}/stats`, field: 'NFd' },
  { of: operation('GET /events'), id: 'stream-left-events', path: () => '/events', field: 'NEventsListener' },
] as const

for (const { of, id, path, field } of streams) {
  of.should('notice a client that goes away, and let go of what it held for it', {
    id, alone: true, versions: 'ends', reality: `no page speaks of it; each documents ${field} of /info, by which it is seen`,
  }, async ({ api, stage }) => {
    const box = await stage.running()
    const before = await told(api, field)
    const open = await Promise.all(Array.from({ length: clients }, () => api.stream('GET', path(box.path))))
    for (const stream of open) expect(stream.status).toBe(200)
    const during = await until(async () => {
      const count = await told(api, field)
      expect(count).toBeGreaterThanOrEqual(before + clients - 2)
      return count
    })
    for (const stream of open) stream.close()
    await until(async () => expect(await told(api, field)).toBeLessThanOrEqual(during - clients + 2))
  })
}
