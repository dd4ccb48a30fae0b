import { expect, operation } from '../../harness/case/index.ts'

const create = operation('POST /containers/create')

/** The effective capabilities of a process, of its /proc/self/status. */
function capabilities(status: string): bigint {
  return BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`)
}
// Bits of linux/capability.h.
const chown = 1n << 0n
const netAdmin = 1n << 12n
const mknod = 1n << 27n

create.must('add the capabilities of CapAdd', { id: 'container-create-cap-add-seen' }, async ({ stage }) => {
  const plain = await stage.output({ Cmd: ['status'] })
  expect(capabilities(plain.stdout) & netAdmin).toBe(0n)
  const added = await stage.output({ Cmd: ['status'], HostConfig: { CapAdd: ['NET_ADMIN'] } })
  expect(capabilities(added.stdout) & netAdmin).toBe(netAdmin)
})

create.must('take the capabilities of CapDrop away', { id: 'container-create-cap-drop-seen' }, async ({ stage }) => {
  const had = async (HostConfig: Readonly<Record<string, unknown>>) => capabilities((await stage.output({ Cmd: ['status'], HostConfig })).stdout)
  // No page says which ones a container has by itself: the one that is dropped is CHOWN, which every daemon gives.
  const plain = await had({})
  expect(plain & chown).toBe(chown)
  expect(await had({ CapDrop: ['CHOWN'] })).toBe(plain & ~chown)
})

create.must('give a privileged container all capabilities that its parent may give', { id: 'container-create-privileged-seen', needs: ['privileged'] }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['status'], HostConfig: { Privileged: true } })
  expect(capabilities(stdout) & (netAdmin | mknod)).toBe(netAdmin | mknod)
})

create.must('make the root file system read-only with ReadonlyRootfs', { id: 'container-create-readonly-rootfs-seen' }, async ({ stage }) => {
  const { exitCode, stderr } = await stage.output({ Cmd: ['write', '/data/new', 'x'], HostConfig: { ReadonlyRootfs: true } })
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/read-only file system/i)
})

create.must('leave the root file system writable without ReadonlyRootfs', { id: 'container-create-writable-rootfs' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['write', '/data/new', 'x'] })).exitCode).toBe(0)
})

create.must('run the process with the groups of GroupAdd', { id: 'container-create-group-add-seen', since: '1.20', source: 'change 1.20/04' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['id'], HostConfig: { GroupAdd: ['2345', 'extra'] } })
  expect(stdout).toMatch(/groups=.*\b2000\b.*\b2345\b/)
})

create.must('set the limits of Ulimits', { id: 'container-create-ulimits-seen', source: 'change 1.18/02' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['limits'], HostConfig: { Ulimits: [{ Name: 'nofile', Soft: 512, Hard: 1024 }] } })
  expect(stdout).toMatch(/^Max open files\s+512\s+1024\s/m)
})

create.must('set the kernel parameters of Sysctls', { id: 'container-create-sysctls-seen', since: '1.24', source: 'change 1.24/19' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['sysctl', 'kernel.shm_rmid_forced'], HostConfig: { Sysctls: { 'kernel.shm_rmid_forced': '1' } } })
  expect(stdout).toBe('1\n')
})

create.must('confine a process by seccomp, unless SecurityOpt says unconfined', { id: 'container-create-seccomp-unconfined', since: '1.23', needs: ['seccomp'] }, async ({ stage }) => {
  const confined = await stage.output({ Cmd: ['status'] })
  expect(confined.stdout).toMatch(/^Seccomp:\s*2$/m)
  const unconfined = await stage.output({ Cmd: ['status'], HostConfig: { SecurityOpt: ['seccomp=unconfined'] } })
  expect(unconfined.stdout).toMatch(/^Seccomp:\s*0$/m)
})

create.must('take SecurityOpt label options', { id: 'container-create-security-opt-label' }, async ({ stage }) => {
  expect((await stage.exited({ HostConfig: { SecurityOpt: ['label:disable'] } })).exitCode).toBe(0)
})

create.must('make the devices of Devices', { id: 'container-create-devices-seen' }, async ({ stage }) => {
  const { stdout } = await stage.output({
    Cmd: ['stat', '/dev/void'],
    HostConfig: { Devices: [{ PathOnHost: '/dev/null', PathInContainer: '/dev/void', CgroupPermissions: 'rwm' }] },
  })
  expect(JSON.parse(stdout)).toMatchObject({ type: 'char', major: 1, minor: 3 })
})

create.must('heed CgroupPermissions of a device', { id: 'container-create-devices-permissions', needs: ['cgroup-v1'] }, async ({ stage }) => {
  const { stdout } = await stage.output({
    Cmd: ['open', '/dev/console-of-host', 'w'],
    HostConfig: { Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/console-of-host', CgroupPermissions: 'r' }] },
  })
  expect(stdout).toBe('EPERM\n')
})

create.must('put the container below CgroupParent', { id: 'container-create-cgroup-parent-seen', source: 'change 1.18/06', needs: ['cgroupfs'] }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['mounts'], HostConfig: { CgroupParent: '/plimsoll' } })
  expect(stdout).toMatch(/\/plimsoll\//)
})

create.must('set the size of /dev/shm to ShmSize', { id: 'container-create-shm-size-seen', since: '1.22' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['shm'], HostConfig: { ShmSize: 33_554_432 } })).stdout).toBe('33554432\n')
})

create.must('set the score of OomScoreAdj', { id: 'container-create-oom-score-adj', since: '1.21', source: 'change 1.21/20' }, async ({ stage }) => {
  expect((await stage.output({ Cmd: ['oom'], HostConfig: { OomScoreAdj: 321 } })).stdout).toBe('321\n')
})

create.must('run in the user namespace of the host with UsernsMode host', { id: 'container-create-userns-host', since: '1.23', source: 'change 1.23/11' }, async ({ stage }) => {
  const { stdout } = await stage.output({ Cmd: ['read', '/proc/self/uid_map'], HostConfig: { UsernsMode: 'host' } })
  expect(stdout.trim().split(/\s+/)).toEqual(['0', '0', '4294967295'])
})
