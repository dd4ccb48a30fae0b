import { expect, operation, type Place } from '../../harness/case/index.ts'
import { actionOf, eventsDuring, objectOf } from '../system/watched.ts'
import { byTag, expectDone, forget, namedImage, pull, push, startRegistry } from './registry.ts'

const events = operation('GET /events')

events.must('tell of push and of pull, each with the name of the image', { id: 'events-image-push-pull', since: '1.20', needs: ['reaches-suite'] }, async ({ api, stage, daemon }) => {
  const registry = await startRegistry(daemon, stage)
  const image = await namedImage(api, stage, registry.host)
  const isOurs = (event: Place) => String(objectOf(event)).includes(image.path)
  const told = await eventsDuring({ api, daemon }, { filters: { event: ['push', 'pull'] } }, async () => {
    expectDone(await push(api, registry, image))
    await forget(api, image)
    expectDone(await pull(api, registry, byTag(image)))
  }, (event) => isOurs(event) && actionOf(event) === 'pull')
  expect(told.filter(isOurs).map(actionOf)).toEqual(['push', 'pull'])
})
