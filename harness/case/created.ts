import type { Answer } from '../wire/http.ts'
import type { StagedKind } from './remove.ts'
import { pathOnly } from './path-only.ts'

const creators: readonly { path: string; kind: StagedKind; key: string }[] = [
  { path: '/containers/create', kind: 'container', key: 'Id' },
  { path: '/networks/create', kind: 'network', key: 'Id' },
  { path: '/volumes/create', kind: 'volume', key: 'Name' },
  { path: '/commit', kind: 'image', key: 'Id' },
]

/** The object that a request has made, as far as its answer tells: so that whatever a case creates is removed. */
export function createdBy(method: string, path: string, answer: Answer): { kind: StagedKind; id: string } | undefined {
  if (method !== 'POST' || answer.status !== 201) return undefined
  const creator = creators.find((candidate) => pathOnly(path) === candidate.path)
  if (creator === undefined) return undefined
  let id: unknown
  try {
    id = (answer.json() as Record<string, unknown> | null)?.[creator.key]
  } catch (error) {
    // A 201 without JSON is charged to the operation's shape; there is no id to take over.
    if (!(error instanceof SyntaxError)) throw error
  }
  return typeof id === 'string' ? { kind: creator.kind, id } : undefined
}
