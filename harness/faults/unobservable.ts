/** Faults that can't be seen from outside, by their ids (`*` for any run of characters), and why. */
export const unobservable: readonly { readonly faults: readonly string[]; readonly reason: string }[] = [
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
    faults: ['container-archive-info.content-type.error'],
    reason: 'an answer to HEAD has no body of which a content type could tell anything',
  },
  {
    faults: ['container-create.ignored-body.ArgsEscaped', 'container-create.ignored-body.HostConfig.ConsoleSize', 'container-create.ignored-body.HostConfig.Isolation', 'container-update.ignored-body.CpuCount', 'container-update.ignored-body.CpuPercent', 'container-update.ignored-body.IOMaximum*', 'container-create.ignored-body.HostConfig.CpuCount', 'container-create.ignored-body.HostConfig.CpuPercent', 'container-create.ignored-body.HostConfig.IOMaximum*'],
    reason: 'for Windows alone: a daemon on Linux drops them or gives them back, and nothing else comes of them',
  },
  {
    faults: [
      'network-connect.ignored-body.EndpointConfig.GlobalIPv6*', 'network-connect.ignored-body.EndpointConfig.NetworkID', 'network-connect.ignored-body.EndpointConfig.MacAddress', 'network-connect.ignored-body.EndpointConfig.EndpointID',
      'network-connect.ignored-body.EndpointConfig.Gateway', 'network-connect.ignored-body.EndpointConfig.IPAddress',
      'network-connect.ignored-body.EndpointConfig.IPPrefixLen', 'network-connect.ignored-body.EndpointConfig.IPv6Gateway',
      'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.GlobalIPv6*', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.EndpointID',
      'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.Gateway', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.IPAddress',
      'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.MacAddress', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.IPPrefixLen', 'container-create.ignored-body.NetworkingConfig.EndpointsConfig.*.IPv6Gateway',
    ],
    reason: 'what the daemon itself makes of an endpoint: whatever a request says there is overwritten when the container is connected',
  },
]
