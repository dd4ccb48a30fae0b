import type { CaseData } from '../../harness/case/index.ts'
import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /containers/create')

/** More than any device does: the device is the host's own, and a guest that is held back can't even be started. */
const amplePerSecond = 987_654_321

/** The limits of a device, and the files of the version 1 control groups that show them. */
const throttles: readonly { field: string; file: string; kept: CaseData; seen: CaseData }[] = [
  { field: 'BlkioDeviceReadBps', file: 'read_bps_device', kept: { id: 'container-create-read-bps-kept' }, seen: { id: 'container-create-read-bps-seen' } },
  { field: 'BlkioDeviceWriteBps', file: 'write_bps_device', kept: { id: 'container-create-write-bps-kept' }, seen: { id: 'container-create-write-bps-seen' } },
  { field: 'BlkioDeviceReadIOps', file: 'read_iops_device', kept: { id: 'container-create-read-iops-kept' }, seen: { id: 'container-create-read-iops-seen' } },
  { field: 'BlkioDeviceWriteIOps', file: 'write_iops_device', kept: { id: 'container-create-write-iops-kept' }, seen: { id: 'container-create-write-iops-seen' } },
]

for (const { field, file, kept, seen } of throttles) {
  create.must(`keep HostConfig.${field}: inspecting shows it as it was given`, { since: '1.22', source: 'change 1.22/10', needs: ['blkio'], ...kept }, async ({ api, stage, daemon }) => {
    const limits = [{ Path: daemon.blockDevice(), Rate: amplePerSecond }]
    const box = await stage.container({ HostConfig: { [field]: limits } })
    expect((await api.get(`${box.path}/json`)).at('HostConfig', field)).toEqual(limits)
  })

  create.must(`limit a device to ${field}`, { since: '1.22', source: 'change 1.22/10', needs: ['blkio', 'cgroup-v1'], ...seen }, async ({ stage, daemon }) => {
    const Cmd = ['cat', `/sys/fs/cgroup/blkio/blkio.throttle.${file}`]
    expect((await stage.output({ Cmd })).stdout).toBe('')
    const { stdout } = await stage.output({ Cmd, HostConfig: { [field]: [{ Path: daemon.blockDevice(), Rate: amplePerSecond }] } })
    expect(stdout).toMatch(/^\d+:\d+ 987654321\n$/)
  })
}

create.must('keep HostConfig.BlkioWeightDevice: inspecting shows it as it was given', { id: 'container-create-blkio-weight-device-kept', since: '1.22', needs: ['blkio-weight', 'blkio'] }, async ({ api, stage, daemon }) => {
  const weights = [{ Path: daemon.blockDevice(), Weight: 300 }]
  const box = await stage.container({ HostConfig: { BlkioWeightDevice: weights } })
  expect((await api.get(`${box.path}/json`)).at('HostConfig', 'BlkioWeightDevice')).toEqual(weights)
})

/** Weights, of all devices or of one. */
const weights: readonly { field: string; of: (device: () => string) => unknown; data: CaseData }[] = [
  { field: 'BlkioWeight', of: () => 300, data: { id: 'container-create-blkio-weight-heeded', since: '1.19' } },
  { field: 'BlkioWeightDevice', of: (device) => [{ Path: device(), Weight: 300 }], data: { id: 'container-create-blkio-weight-device-heeded', since: '1.22', needs: ['blkio'] } },
]

for (const { field, of, data } of weights) {
  create.must(`keep HostConfig.${field}, or warn that it is not heeded`, {
    ...data, reality: 'the page does not say what comes of a weight where the kernel has none; Docker 1.10 to 20.10 create the container, warn and drop it',
  }, async ({ api, stage, daemon }) => {
    const value = of(() => daemon.blockDevice())
    const answer = await stage.create({ HostConfig: { [field]: value } })
    expect(answer).toAnswer(201)
    if (answer.at('Warnings', 0) !== undefined) expect(answer.at('Warnings')).toContainEqual(expect.stringMatching(/weight/i))
    else expect((await api.get(`/containers/${answer.textAt('Id')}/json`)).at('HostConfig', field)).toEqual(value)
  })
}
