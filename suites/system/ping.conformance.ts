import { expect, operation } from '../../harness/case/index.ts'

const ping = operation('GET /_ping')

ping.must('answer 200 with the two bytes OK', { id: 'ping-ok' }, async ({ api }) => {
  const answer = await api.get('/_ping')
  expect(answer).toAnswer(200)
  expect(answer.text).toBe('OK')
})

ping.must('say in the header Docker-Experimental whether experimental features are on', { id: 'ping-experimental-header', since: '1.25', source: 'change 1.25/28' }, async ({ api }) => {
  const answer = await api.get('/_ping')
  const experimental = (await api.get('/info')).at('ExperimentalBuild')
  expect(answer.header('Docker-Experimental')).toBe(String(experimental))
})

ping.must('say so with every other answer too: of success, without a body, of an error, of a stream', {
  id: 'experimental-header-everywhere', since: '1.25', source: 'change 1.25/28',
  reality: 'Docker leaves the header out of what has no handler: paths that there are not, versions that it does not offer, and the heads of connections that it takes over',
}, async ({ api, stage, bystanders }) => {
  const experimental = String((await api.get('/info')).at('ExperimentalBuild'))
  const box = await stage.create()
  const answers = [
    box, await api.get('/info'), await api.get('/version'), await api.get('/containers/json'), await api.get('/images/json'), await api.get('/volumes'), await api.get('/networks'),
    await api.get(`/containers/${bystanders.running.id}/logs`, { query: { stdout: 1 } }), await api.get('/events', { query: { since: 1, until: 2 } }),
    await api.get(`/containers/${stage.name('nowhere')}/json`), await api.get(`/images/${stage.name('nowhere')}/json`), await api.delete(`/containers/${box.textAt('Id')}`),
  ]
  for (const answer of answers) {
    const { method, path } = answer.exchange
    expect(answer.header('Docker-Experimental'), `Docker-Experimental of ${method} ${path}, status ${answer.status}`).toBe(experimental)
  }
})
