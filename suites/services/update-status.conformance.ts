import { expect, operation, until, type Api, type Place } from '../../harness/case/index.ts'
import { listedService, patience, runningTask, stagedServices, type Service } from './services.ts'

type Shown = { readonly of: string; readonly id: string; readonly shown: (api: Api, service: Service) => Promise<Place | undefined> }

for (const { of, id, shown } of [
  { of: 'GET /services', id: 'service-list-update-status', shown: listedService },
  { of: 'GET /services/{id}', id: 'service-inspect-update-status', shown: (api, { path }) => api.get(path) },
] satisfies Shown[]) {
  operation(of).must('show how the last update of a service went', { id, since: '1.25', inSwarm: true }, async (fixtures) => {
    const { api } = fixtures
    const services = await stagedServices(fixtures)
    const service = await services.service()
    await runningTask(api, service)
    expect((await shown(api, service))?.at('UpdateStatus', 'State') ?? '').toBe('')
    expect(await services.update(service, { container: { Env: ['FLAVOUR=pepper'] }, UpdateConfig: { Parallelism: 1, Monitor: 1_000_000 } })).toAnswer(200)
    const status = await until(async () => {
      const after = await shown(api, service)
      expect(after?.at('UpdateStatus', 'State')).toBe('completed')
      return after
    }, patience)
    expect(status?.at('UpdateStatus', 'Message')).toMatch(/./)
    const timeOf = (field: string) => Date.parse(String(status?.at('UpdateStatus', field)))
    const [started, completed] = [timeOf('StartedAt'), timeOf('CompletedAt')]
    expect(completed).toBeGreaterThan(started)
  })
}
