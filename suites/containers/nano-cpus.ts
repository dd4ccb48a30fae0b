import type { Place } from '../../harness/case/index.ts'

/** The limit of processor time that an inspected container has. Go reads names in any letters: the page writes NanoCPUs, daemons answer NanoCpus. */
export function nanoCpusOf(container: Place): unknown {
  return container.at('HostConfig', 'NanoCPUs') ?? container.at('HostConfig', 'NanoCpus')
}
