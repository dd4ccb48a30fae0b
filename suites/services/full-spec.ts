import type { ServiceParts } from './services.ts'

/**
 * All that the page of 1.24 lets a service be told; none of it needs a task to run. The published ports are taken once in a swarm: its cases are `alone`.
 */
export const fullSpec: ServiceParts = {
  Labels: { flavour: 'salt' },
  Mode: { Replicated: { Replicas: 0 } },
  UpdateConfig: { Parallelism: 2, Delay: 3_000_000_000, FailureAction: 'continue' },
  EndpointSpec: { Mode: 'vip', Ports: [{ Protocol: 'udp', PublishedPort: 18_053, TargetPort: 53 }] },
  container: {
    Command: ['hold'],
    Args: ['0', 'begun'],
    Env: ['FLAVOUR=salt'],
    Dir: '/data',
    User: '1000',
    Labels: { flavour: 'pepper' },
    StopGracePeriod: 4_000_000_000,
    Mounts: [
      { Type: 'bind', Source: '/etc', Target: '/host', ReadOnly: true, BindOptions: { Propagation: 'rprivate' } },
      { Type: 'volume', Source: 'plimsoll-never-made', Target: '/kept', VolumeOptions: { NoCopy: true, Labels: { flavour: 'sugar' }, DriverConfig: { Name: 'local', Options: { type: 'tmpfs' } } } },
    ],
  },
  task: {
    LogDriver: { Name: 'json-file', Options: { 'max-file': '3' } },
    Resources: { Limits: { NanoCPUs: 500_000_000, MemoryBytes: 67_108_864 }, Reservations: { NanoCPUs: 100_000_000, MemoryBytes: 33_554_432 } },
    RestartPolicy: { Condition: 'on-failure', Delay: 5_000_000_000, MaxAttempts: 6, Window: 7_000_000_000 },
    Placement: { Constraints: ['node.role == manager'] },
  },
}

/** What the page of 1.25 adds, but for ForceUpdate; its cases are `alone` too. */
export const laterSpec: ServiceParts = {
  Mode: { Replicated: { Replicas: 0 } },
  UpdateConfig: { Parallelism: 1, Monitor: 8_000_000_000, MaxFailureRatio: 0.5 },
  EndpointSpec: { Mode: 'vip', Ports: [{ Name: 'names', Protocol: 'udp', PublishedPort: 18_054, TargetPort: 53 }] },
  container: {
    TTY: true,
    DNSConfig: { Nameservers: ['192.0.2.1'], Search: ['plimsoll.test'], Options: ['timeout:3'] },
    Mounts: [{ Type: 'tmpfs', Target: '/scratch', TmpfsOptions: { SizeBytes: 1_048_576, Mode: 0o700 } }],
  },
}

/** What an inspected Spec must hold of the parts that were asked for: it may hold more, as defaults are. */
export function specOf({ container, task, ...members }: ServiceParts): Readonly<Record<string, unknown>> {
  return { ...members, TaskTemplate: { ...task, ContainerSpec: { ...container } } }
}
