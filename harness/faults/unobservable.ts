/** The members of HostConfig that the pages up to 1.24 list beside it. */
const besideHostConfig = [
  'Binds', 'CapAdd', 'Capdrop', 'CgroupParent', 'CpuShares', 'CpusetCpus', 'Devices', 'Dns', 'DnsSearch', 'ExtraHosts', 'Links', 'LogConfig',
  'LxcConf', 'Memory', 'MemorySwap', 'NetworkMode', 'PidMode', 'PortBindings', 'Privileged', 'PublishAllPorts', 'ReadonlyRootfs', 'RestartPolicy',
  'SecurityOpt', 'Ulimits', 'VolumesFrom', 'BlkioWeight', 'CpuPeriod', 'CpuQuota', 'CpusetMems', 'OomKillDisable', 'GroupAdd', 'MemorySwappiness',
  'DnsOptions', 'KernelMemory', 'MemoryReservation', 'VolumeDriver', 'BlkioDeviceReadBps', 'BlkioDeviceReadIOps', 'BlkioDeviceWiiteIOps',
  'BlkioDeviceWriteBps', 'BlkioWeightDevice', 'OomScoreAdj', 'ShmSize', 'Tmpfs', 'PidsLimit', 'UsernsMode', 'CpuPercent', 'IOMaximumBandwidth',
  'IOMaximumIOps', 'StorageOpt', 'Sysctls',
]

/** What the page of 1.25 says of the interfaces that a plugin serves. */
const typesOfPlugins = ['Capability', 'Prefix', 'Version'].map((name) => `Config.Interface.Types[].${name}`)

/** Operations that document 500 and give no way to it: what their cases can send, a healthy daemon can answer. */
const neverFailing = [
  'container-attach', 'container-attach-ws', 'container-changes', 'container-copy', 'container-delete', 'container-export', 'container-inspect', 'container-kill',
  'container-pause', 'container-prune', 'container-rename', 'container-resize', 'container-restart', 'container-start', 'container-stats', 'container-stop', 'container-top',
  'container-update', 'container-wait', 'exec-create', 'exec-inspect', 'image-commit', 'image-delete', 'image-get', 'image-get-all', 'image-history', 'image-inspect',
  'image-load', 'info', 'network-delete', 'node-delete', 'node-inspect', 'ping', 'plugin-delete', 'plugin-disable', 'plugin-inspect',
  'plugin-list', 'plugin-push', 'plugin-upgrade', 'secret-create', 'secret-delete', 'secret-inspect', 'secret-list', 'service-create', 'service-delete', 'service-inspect',
  'service-list', 'service-logs', 'swarm-init', 'swarm-inspect', 'swarm-join', 'swarm-leave', 'swarm-unlock', 'swarm-unlockkey', 'system-df', 'task-inspect', 'version',
  'volume-create', 'volume-delete', 'volume-inspect', 'volume-list',
]

/** Mounts of a request, as the page of 1.25 has them in lists. */
const requestedMounts = (list: string) => ['BindOptions', 'ReadOnly', 'Target', 'TmpfsOptions', 'VolumeOptions'].map((name) => `${list}.Mounts[].${name}`)

/** What can't be seen from outside, and why. */
type Unobservable = {
  /** Faults by their ids, `*` for any run of characters. */
  readonly faults?: readonly string[]
  /** Fields of answers by the operation's id: each, with all that lies below it, in every way in which it can be wrong. */
  readonly fields?: Readonly<Record<string, readonly string[]>>
  readonly reason: string
}

/** Faults that can't be seen from outside, and why. */
export const unobservable: readonly Unobservable[] = [
  {
    faults: ['exec-resize.other-status.200', 'exec-resize.other-status.201'],
    reason: 'the pages document 201, every daemon answers 200 (reports/not-tested.yaml): a daemon is held to either',
  },
  {
    faults: ['image-tag.ignored-query.force'],
    reason: 'from Docker 1.10 on a name is taken over whether it is forced or not: the parameter has no effect that could be missing',
  },
  {
    faults: ['container-start.ignored-query.detachKeys'],
    reason: 'starting attaches nothing: the handler of every Docker leaves the parameter alone (api/server/router/container/container_routes.go, postContainersStart)',
  },
  {
    faults: ['container-attach-ws.ignored-query.stdout', 'container-attach-ws.ignored-query.stderr', 'container-attach-ws.ignored-query.stdin'],
    reason: 'Docker 20.10 gives a websocket all three streams, whichever are asked for (api/server/router/container/container_routes.go, wsContainersAttach)',
  },
  {
    faults: ['volume-prune.ignored-query.filters'],
    reason: 'the page of 1.25 names no filter for volumes; without one the parameter has no effect',
  },
  {
    faults: ['container-update.ignored-body.BlkioDevice*', 'container-update.ignored-body.BlkioWeightDevice*'],
    reason: 'Docker takes limits per device with an update and leaves them alone (container/container_unix.go, UpdateContainer)',
  },
  {
    faults: ['container-update.ignored-body.Ulimits*', 'container-update.ignored-body.Devices*', 'container-update.ignored-body.MemorySwappiness', 'container-update.ignored-body.OomKillDisable'],
    reason: 'Docker takes them with an update and leaves them alone (container/container_unix.go, UpdateContainer)',
  },
  {
    faults: ['container-create.ignored-body.HostConfig.Cgroup'],
    reason: 'no page says what it may hold; every Docker takes it, shows it again and does nothing with it',
  },
  {
    faults: ['container-create.ignored-body.HostConfig.BlkioWeightDevice*'],
    reason: 'the kernel that the proof ran on weighs no device: Docker warns, and leaves alone what the field holds',
  },
  {
    faults: [
      'container-create.other-status.500', 'network-create.other-status.500', 'image-tag.other-status.500', 'plugin-create.other-status.500', 'container-list.other-status.400', 'container-delete.other-status.400', 'container-archive-info.other-status.500', 'image-build.other-status.400', 'events.other-status.500',
      'container-archive-get.other-status.500', 'image-build.other-status.500', 'image-prune.other-status.500', 'image-push.other-status.500', 'network-prune.other-status.500', 'node-list.other-status.500', 'task-list.other-status.500', 'volume-prune.other-status.500',
    ],
    reason: 'Docker answered 500 to a bad parameter, and from 17.05 on 400: the case takes either, as its `reality` says',
  },
  {
    faults: ['network-disconnect.ignored-body.Force'],
    reason: 'it has an effect on an endpoint whose container is gone alone, as another host of a cluster leaves it when it dies (daemon/container_operations.go, DisconnectFromNetwork)',
  },
  {
    faults: ['swarm-update.ignored-body.Name'],
    reason: 'a swarm has the name default and can have no other (manager/controlapi/cluster.go of swarmkit, validateClusterSpec): told or not, it is the same',
  },
  {
    faults: ['service-create.ignored-header.Content-type', 'service-update.ignored-header.Content-type'],
    reason: 'Docker 20.10 reads the specification of a service whatever its type is said to be (api/server/router/swarm/cluster_routes.go, createService)',
  },
  {
    faults: ['swarm-unlock.ignored-body.UnlockKey'],
    reason: 'only a manager that was restarted asks for the key, and the suite restarts no daemon: on one that is not locked every key is refused alike',
  },
  {
    faults: ['auth.ignored-body.email'],
    reason: 'what registries asked for it are gone: no registry of version 2 is told of it, and from Docker 1.11 on nothing reads it',
  },
  {
    faults: ['node-delete.ignored-query.force'],
    reason: 'a swarm of one node has none that could be removed, forced or not: this needs a second daemon',
  },
  {
    faults: ['plugin-privileges.ignored-query.name'],
    reason: 'the page of 1.25 names the parameter so; every Docker reads `remote` (api/server/router/plugin/plugin_routes.go, getPrivileges), which is what cases send beside it',
  },
  {
    faults: ['container-archive-info.content-type.error', 'container-archive-info.header-missing.error.Content-Type', 'container-archive-info.field-*.error.message'],
    reason: 'an answer to HEAD has no body: neither a message, nor what a content type could tell of',
  },
  {
    faults: ['container-create.ignored-body.ArgsEscaped', 'container-create.ignored-body.HostConfig.ConsoleSize', 'container-create.ignored-body.HostConfig.Isolation', 'container-update.ignored-body.CpuCount', 'container-update.ignored-body.CpuPercent', 'container-update.ignored-body.IOMaximum*', 'container-create.ignored-body.HostConfig.CpuCount', 'container-create.ignored-body.HostConfig.CpuPercent', 'container-create.ignored-body.HostConfig.IOMaximum*', 'container-create.ignored-body.HostConfig.DiskQuota'],
    reason: 'for Windows alone: a daemon on Linux drops them or gives them back, and nothing else comes of them',
  },
  {
    faults: [
      'network-connect.ignored-body.EndpointConfig.GlobalIPv6*', 'network-connect.ignored-body.EndpointConfig.NetworkID', 'network-connect.ignored-body.EndpointConfig.MacAddress', 'network-connect.ignored-body.EndpointConfig.EndpointID',
      'network-connect.ignored-body.EndpointConfig.Gateway', 'network-connect.ignored-body.EndpointConfig.IPAddress',
      'network-connect.ignored-body.EndpointConfig.IPPrefixLen', 'network-connect.ignored-body.EndpointConfig.IPv6Gateway',
      'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.GlobalIPv6*', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.EndpointID',
      'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.Gateway', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.IPAddress',
      'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.MacAddress', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.NetworkID', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.IPPrefixLen', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.IPv6Gateway',
    ],
    reason: 'what the daemon itself makes of an endpoint: whatever a request says there is overwritten when the container is connected',
  },
  {
    faults: besideHostConfig.map((name) => `container-create.ignored-body.${name}`),
    reason: 'the pages up to 1.24 list members of HostConfig beside it; their samples have them inside, where each ignored one is a fault of its own',
  },
  {
    faults: neverFailing.map((operation) => `${operation}.other-status.500`),
    reason: 'for an error of the server: Docker 20.10 answers what is wrong with a request by another status, and is well otherwise',
  },
  {
    faults: ['info', 'ping', 'plugin-list', 'secret-list', 'system-df'].flatMap((operation) => [`${operation}.*.error`, `${operation}.*.error.*`]),
    reason: 'the form of an error, of an operation that no documented request makes fail on a daemon that is well',
  },
  {
    faults: ['image-load.content-type.error', 'image-load.header-missing.error.Content-Type', 'image-load.field-*.error.message'],
    reason: 'Docker 20.10 begins to answer before it reads the archive, and puts every error of it into the stream (api/server/router/image/image_routes.go, postImagesLoad)',
  },
  {
    faults: ['image-create.*.errorDetail.code', 'image-load.*.errorDetail.code', 'image-push.*.errorDetail.code'],
    reason: 'the code is that with which an instruction of a build ended: of pulls, pushes and archives it has none (pkg/streamformatter/streamformatter.go, FormatError)',
  },
  {
    faults: ['image-create.*.stream', 'image-push.*.stream'],
    reason: 'what builds and archives write: pulls and pushes tell their progress in status',
  },
  {
    faults: ['image-push.field-missing.errorDetail', 'image-create.field-missing.errorDetail'],
    reason: 'the samples of an error of a push and of a pull have error alone: what is beside it need not be there',
  },
  {
    faults: ['container-update.other-status.400'],
    reason: 'the pages of 1.22 to 1.24 document 400 and 500, and Docker 1.10 to 1.13 answer 500 to a bad parameter: a daemon is held to either',
  },
  {
    faults: [
      'container-archive-*', 'container-prune', 'container-update', 'image-prune', 'network-*', 'node-*', 'plugin-*', 'secret-*', 'service-*', 'swarm-*', 'system-df', 'task-*', 'volume-*',
    ].map((operation) => `${operation}.known-too-early`),
    reason: 'Docker 20.10 itself knows what came later at every version that it offers, and no page forbids it; where a page says that an operation is gone, as of copying, there is a fault that is seen',
  },
  {
    faults: ['container-attach-ws.header-missing.101.Content-Type', 'container-attach-ws.content-type.101', 'container-attach-ws.*.200', 'container-attach-ws.header-missing.200.Content-Type'],
    reason: 'the handshake of a websocket has no content, and no other answer lets one in',
  },
  {
    faults: ['container-create.ignored-body.Volumes.additionalProperties'],
    reason: 'a keyword of the schema language of the page of 1.25, not a member (reports/not-tested.yaml)',
  },
  {
    faults: ['container-list.ignored-query.before', 'container-list.ignored-query.since'],
    reason: 'Docker 20.10 itself leaves them alone (ci/known-failings/docker-20.10.yaml): nothing is left to be ignored',
  },
  {
    faults: ['swarm-init.ignored-body.Spec.TaskDefaults*', 'swarm-update.ignored-body.TaskDefaults*'],
    reason: 'Docker 20.10 itself drops them (ci/known-failings/docker-20.10.yaml): nothing is left to be ignored',
  },
  {
    faults: ['image-build.ignored-query.squash'],
    reason: 'it needs an experimental daemon, and that of the proof is none',
  },
  {
    faults: ['image-commit.ignored-body.Image', 'swarm-init.ignored-body.ForceNewCluster'],
    reason: 'no answer of a healthy daemon shows its effect: reports/not-tested.yaml says why',
  },
  {
    faults: ['version.*.error.message'],
    reason: 'it answers an error only at a version that no page documents',
  },
  {
    fields: { 'plugin-inspect': ['Active', 'Manifest', 'Tag'], 'plugin-list': ['[].Active', '[].Config.Devices', '[].Manifest', '[].Tag'] },
    faults: ['plugin-inspect-experimental.*.200', 'plugin-inspect-experimental.*.200.*', ...['Active', 'Config', 'Id', 'Manifest', 'Name', 'Tag'].map((field) => `plugin-inspect-experimental.field-*.${field}*`)],
    reason: 'plugins as the page of 1.24 has them were an experiment of Docker 1.12: those of later daemons look as at 1.25',
  },
  {
    fields: { 'plugin-inspect': typesOfPlugins, 'plugin-list': typesOfPlugins.map((name) => `[].${name}`) },
    reason: 'the page of 1.25 has what a plugin serves as an object: every Docker has a text, docker.volumedriver/1.0',
  },
  {
    fields: { 'swarm-inspect': ['Spec.TaskDefaults.LogDriver'] },
    reason: 'Docker 20.10 itself leaves it out (ci/known-failings/docker-20.10.yaml)',
  },
  {
    fields: {
      'network-inspect': ['IPAM.Config[].AuxiliaryAddresses', 'IPAM.Config[].IPRange'],
      'network-list': ['[].IPAM.Config[].AuxiliaryAddresses', '[].IPAM.Config[].IPRange'],
    },
    faults: ['network-list.field-missing.[].Containers.*.Name'],
    reason: 'no page has it in an answer: a daemon that does not give it back is none that is wrong',
  },
  {
    faults: ['*.other-status.406'],
    reason: 'for a node inside or outside of a swarm: Docker 1.12 alone answers 406, those after it 503',
  },
  {
    faults: [
      'auth.other-status.204', 'container-archive-put.other-status.403', 'image-push.other-status.404', 'image-tag.other-status.400', 'image-tag.other-status.409', 'network-connect.other-status.403',
      'network-delete.other-status.200', 'network-disconnect.other-status.403', 'node-delete.other-status.200', 'plugin-pull.other-status.204', 'plugin-upgrade.other-status.204',
      'swarm-join.other-status.200', 'swarm-unlock.other-status.200',
    ],
    reason: 'documented, and not what Docker 20.10 answers, or can be brought to by one client: reports/not-tested.yaml says why, and which case asks',
  },
  {
    faults: ['container-logs', 'service-logs'].flatMap((operation) => [`${operation}.other-status.101`, `${operation}.content-type.101`, `${operation}.header-missing.101.Content-Type`]),
    reason: 'reading logs takes no connection over: the handler of no Docker looks at the header Upgrade',
  },
  {
    fields: { 'exec-inspect': ['Container'] },
    reason: 'the whole container was inside up to Docker 1.9; those after it answer ContainerID in its place',
  },
  {
    fields: {
      'container-inspect': ['ExecDriver', 'HostConfig.DiskQuota', 'HostConfig.LxcConf', 'HostConfig.NanoCPUs', 'HostConfig.StorageOpt', 'NetworkSettings.Address', 'NetworkSettings.PortMapping', 'Node', 'Config.PortSpecs'],
      'container-list': [...requestedMounts('[]'), '[].NetworkSettings.Networks.*.IPAMConfig.LinkLocalIPs'],
      'exec-create': ['Warnings'],
      'service-create': ['Warning'],
      'image-inspect': ['Config.Dns', 'Config.PublishService', 'Config.VolumesFrom', 'ContainerConfig.PublishService', 'ContainerConfig.Dns', 'ContainerConfig.VolumesFrom', 'RootFS.BaseLayer'],
      'image-search': ['[].is_trusted'],
      info: ['OomScoreAdj', 'ClusterStore', 'DiscoveryBackend', 'SystemStatus', 'InitPath', 'InitSha1'],
      'system-df': [...requestedMounts('Containers[]'), 'Containers[].NetworkSettings.Networks.*.IPAMConfig.LinkLocalIPs', 'Volumes[].Options', 'Volumes[].Status'],
      'task-inspect': ['Name'],
      'task-list': ['[].Name'],
      'volume-create': ['Status', 'UsageData'],
      'volume-inspect': ['Status', 'UsageData'],
      'volume-list': ['Volumes[].Status', 'Volumes[].UsageData'],
    },
    faults: [
      // Null in every answer, which is nothing of another type; where they are left out is seen.
      'container-inspect.field-type.NetworkSettings.SecondaryIPAddresses', 'container-inspect.field-type.NetworkSettings.SecondaryIPv6Addresses', 'container-list.field-type.[].NetworkSettings.Networks.*.Links', 'container-list.field-type.[].NetworkSettings.Networks.*.Aliases',
      'system-df.field-type.Containers[].NetworkSettings.Networks.*.Aliases', 'system-df.field-type.Containers[].NetworkSettings.Networks.*.Links', 'volume-list.field-type.Warnings',
    ],
    reason: 'a field that Docker 20.10 never fills, so that nothing of it can be wrong: reports/not-tested.yaml says why, of each',
  },
  {
    fields: { 'container-inspect': ['HostConfig.BlkioWeightDevice'] },
    reason: 'the kernel that the proof ran on weighs no device: Docker drops the weights with a warning',
  },
  {
    fields: { version: ['Experimental'] },
    reason: 'it is there only where it is true, and the daemon of the proof is not experimental',
  },
]
