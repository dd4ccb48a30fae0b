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
