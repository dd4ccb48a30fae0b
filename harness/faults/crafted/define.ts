import type { ApiVersion } from '../../versions.ts'
import { headerValue } from '../../wire/head.ts'
import type { Alteration, AnswerHead, Asked, Rewriter, Seen, WholeAnswer } from '../fault.ts'
import { jsonBody } from '../json-rewriters.ts'
import { withHeader, withoutHeader } from '../message.ts'

/** A bug that a daemon has had or could have. */
export type Crafted = {
  readonly id: string
  readonly operation: string
  readonly sentence: string
  /** The versions at which the daemon is wrong so, within those of the operation. */
  readonly since?: ApiVersion
  readonly removedIn?: ApiVersion
  /** Words that a case about it would have in its id. */
  readonly words?: readonly string[]
  /** Left out: every exchange of the operation. */
  readonly touches?: (seen: Seen) => boolean
  readonly wrong: (asked: Asked) => Alteration | undefined
  /** Instead of `wrong` where the daemon remembers from one request to the next. */
  readonly remembering?: () => (asked: Asked) => Alteration | undefined
}

/** An answer of one status whose body is changed. */
export function bodyOf(status: number, rewriter: (head: AnswerHead) => Rewriter): () => Alteration {
  return () => ({ body: (head) => (head.status === status ? rewriter(head) : undefined) })
}

/** An answer of 200 whose JSON is changed. */
export function json(change: (value: unknown) => unknown, status = 200): () => Alteration {
  return bodyOf(status, () => jsonBody(change))
}

/** The entries of a JSON list changed, each by itself; undefined takes one out. */
export function entries(change: (entry: Readonly<Record<string, unknown>>) => unknown): (value: unknown) => unknown {
  return (value) => (Array.isArray(value) ? value.map((entry: Readonly<Record<string, unknown>>) => change(entry)).filter((entry) => entry !== undefined) : value)
}

/** A member of a JSON object changed, where it is there. */
export function member(name: string, change: (value: unknown, whole: Readonly<Record<string, unknown>>) => unknown): (value: unknown) => unknown {
  return (value) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value
    const object = value as Readonly<Record<string, unknown>>
    return { ...object, [name]: change(object[name], object) }
  }
}

/** The status of an answer changed. */
export function status(from: number, to: number, reason: string): () => Alteration {
  return () => ({ head: (head) => (head.status === from ? { ...head, status: to, reason } : head) })
}

/** The daemon says that it did what was asked, and did nothing. */
export function pretends(answer: Partial<WholeAnswer> & { readonly status: number }): () => Alteration {
  return () => ({ instead: () => ({ reason: 'OK', headers: [], body: new Uint8Array(), ...answer }) })
}

/** JSON that a daemon answers by itself. */
export function answered(statusCode: number, value: unknown): Partial<WholeAnswer> & { readonly status: number } {
  return { status: statusCode, headers: [['Content-Type', 'application/json']], body: Buffer.from(`${JSON.stringify(value)}\n`) }
}

/** A parameter of the query changed, where it is given; undefined leaves it alone. */
export function parameter(name: string, change: (value: string) => string | undefined): (asked: Asked) => Alteration | undefined {
  return ({ query }) => {
    const value = query.get(name)
    const changed = value === null ? undefined : change(value)
    return changed === undefined ? undefined : { request: (head) => ({ ...head, path: withParameter(head.path, name, changed) }) }
  }
}

/** A parameter of the query that is taken for given. */
export function alwaysParameter(name: string, value: string): (asked: Asked) => Alteration {
  return () => ({ request: (head) => ({ ...head, path: withParameter(head.path, name, value) }) })
}

/** A path with a parameter of its query set; the others keep their bytes. */
export function withParameter(path: string, name: string, value: string): string {
  const [before = '', query = ''] = path.split(/\?(.*)/s)
  const kept = query.split('&').filter((pair) => pair !== '' && !new URLSearchParams(pair).has(name))
  return `${before}?${[...kept, `${name}=${encodeURIComponent(value)}`].join('&')}`
}

/** What is asked of one version is asked of another. */
export function atVersion(version: ApiVersion): (asked: Asked) => Alteration {
  return () => ({ request: (head) => ({ ...head, path: head.path.replace(/^\/v\d+\.\d+\//, `/v${version}/`) }) })
}

/** A header of an answer changed, where it is there; undefined takes it off. */
export function header(name: string, change: (value: string) => string | undefined): () => Alteration {
  return () => ({
    head(head) {
      const value = headerValue(head.headers, name)
      if (value === undefined) return head
      const changed = change(value)
      return { ...head, headers: changed === undefined ? withoutHeader(head.headers, name) : withHeader(head.headers, name, changed) }
    },
  })
}
