import type { ApiVersion } from '../versions.ts'
import type { HeaderLines } from '../wire/exchange.ts'
import type { Overheard } from '../wire/overhear.ts'

/** The head of a request, as the client sent it. */
export type RequestHead = {
  readonly method: string
  /** Path and query, with the version prefix. */
  readonly path: string
  readonly headers: HeaderLines
}

/** The head of an answer. */
export type AnswerHead = { readonly status: number; readonly reason: string; readonly headers: HeaderLines }

/** A whole answer. */
export type WholeAnswer = AnswerHead & { readonly body: Uint8Array }

/** Changes bytes on their way: gives what goes on in place of what came. */
export type Rewriter = {
  push(bytes: Buffer): Uint8Array
  /** The bytes have come to their end; what was held back goes on now. */
  end(): Uint8Array
  /** Nothing more goes on: the receiver sees the end, though the sender has not come to its own. */
  readonly over?: boolean
  /** Bytes that it holds back and may still pass on as they are; left out where it can't tell. */
  readonly pending?: number
  /** The end itself is not passed on. */
  readonly keepsOpen?: boolean
}

/** Both directions of a connection that was taken over. */
export type HijackRewriters = { readonly fromDaemon?: Rewriter; readonly fromClient?: Rewriter }

/** What becomes of one request and its answer. What is left out stays as it is, byte for byte. */
export type Alteration = {
  /** What the daemon gets instead of the request's head. */
  readonly request?: (head: RequestHead) => RequestHead
  /** What it gets instead of the request's body, without its transfer coding. */
  readonly requestBody?: (body: Buffer) => Uint8Array
  /** The answer to a request that the daemon never sees. */
  readonly instead?: (body: Buffer) => WholeAnswer
  /** Bytes that the client gets before the answer's head, where none belong. */
  readonly prelude?: (head: AnswerHead) => Uint8Array
  /** What the client gets instead of the answer's head; the framing of the body is kept right. */
  readonly head?: (head: AnswerHead) => AnswerHead
  /** What it gets instead of the answer's body, without its transfer coding; undefined leaves this answer alone. */
  readonly body?: (head: AnswerHead) => Rewriter | undefined
  /** What the two get of each other once the connection is taken over. */
  readonly hijacked?: (head: AnswerHead) => HijackRewriters
}

/** Says of each request what becomes of it; undefined leaves it alone. */
export type Mutation = (request: RequestHead) => Alteration | undefined

/** A request of the fault's operation, at one of its versions. */
export type Asked = RequestHead & {
  /** Absent where the path has none: then the daemon's own version is asked. */
  readonly version: ApiVersion | undefined
  /** Path without version and query. */
  readonly route: string
  readonly query: URLSearchParams
}

/** The ways in which a daemon is made wrong; `crafted` is the catalogue of bugs that daemons have. */
export const faultKinds = [
  'ignored-query', 'ignored-body', 'ignored-header', 'other-status', 'field-missing', 'field-null', 'field-type', 'header-missing', 'content-type',
  'unknown-operation', 'known-too-early', 'crafted',
] as const
export type FaultKind = (typeof faultKinds)[number]

/** One way in which a daemon is wrong. */
export type Fault = {
  /** Parts with a dot between them: `container-list.ignored-query.limit`. Never changes. */
  readonly id: string
  readonly kind: FaultKind
  /** As in the schemas: `GET /containers/json`. */
  readonly operation: string
  readonly area: string
  /** The versions at which the daemon is wrong so. */
  readonly versions: readonly ApiVersion[]
  /** What the daemon does wrong. */
  readonly sentence: string
  /** The words that a case about this would have in its id. */
  readonly words: readonly string[]
  /** Whether the fault would show in this exchange of its operation. */
  readonly touches: (seen: Seen) => boolean
  /** What becomes of each request of the operation. Made anew for each daemon that is made wrong, for it may remember. */
  readonly wrong: () => (asked: Asked) => Alteration | undefined
}

/** An exchange of a healthy run, in the parts that faults ask for. */
export type Seen = Pick<Overheard, 'method' | 'requestHeaders' | 'responseHeaders' | 'status' | 'hijacked' | 'responseBody' | 'requestBody'> &
  Pick<Asked, 'version' | 'route' | 'query'> & {
    readonly operation: string
    /** The request's body, where it is JSON. */
    readonly requestJson: unknown
    /** The JSON values of the answer's body: one, those of a stream, or none. */
    readonly values: readonly unknown[]
  }
