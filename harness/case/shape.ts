import type { Operation } from '../schema/operations.ts'
import type { Validator, Violation } from '../schema/validate.ts'
import type { ApiVersion } from '../versions.ts'
import type { Exchange } from '../wire/exchange.ts'
import type { Answer } from '../wire/http.ts'
import type { AnswerStream } from '../wire/stream.ts'
import { pathOnly } from './path-only.ts'

/** A violation of an operation's schema, with the exchange that shows it. */
export type ShapeViolation = Violation & { readonly status: number; readonly exchange: Exchange }

/** What the answers that one case received say of the shape of one operation. */
export type ShapeObservation = {
  /** The operation's id in the schemas. */
  readonly operation: string
  readonly answers: number
  readonly violations: readonly ShapeViolation[]
}

/** Holds every answer that a case receives against its operation's schema, and says nothing until asked. */
export type ShapeWatch = {
  sawAnswer(method: string, path: string, answer: Answer): void
  /** The same stream; each JSON value read from it is held against the schema of the operation's items. */
  watchStream(method: string, path: string, stream: AnswerStream): AnswerStream
  observations(): ShapeObservation[]
}

/** Distinct violations that are kept per operation and case. */
const violationLimit = 20

/** Watches one case at one version. */
export function watchShapes(validator: Validator, version: ApiVersion): ShapeWatch {
  const seen = new Map<string, { answers: number; violations: Map<string, ShapeViolation> }>()

  function note(operation: Operation, status: number, violations: readonly Violation[], exchange: Exchange): void {
    const record = seen.get(operation.id) ?? { answers: 0, violations: new Map<string, ShapeViolation>() }
    seen.set(operation.id, record)
    record.answers += 1
    for (const violation of violations) {
      const key = `${status} ${shapeOf(violation.pointer)} ${violation.keyword}`
      if (!record.violations.has(key) && record.violations.size < violationLimit) record.violations.set(key, { ...violation, status, exchange })
    }
  }

  return {
    sawAnswer(method, path, answer) {
      const operation = validator.operationOf(method, pathOnly(path))
      if (operation === undefined || !validator.documents(operation, version)) return
      const violations = validator.validateAnswer(operation, version, { method, status: answer.status, contentType: answer.header('Content-Type'), body: answer.body })
      note(operation, answer.status, violations, answer.exchange)
    },
    watchStream(method, path, stream) {
      const operation = validator.operationOf(method, pathOnly(path))
      if (operation === undefined || !validator.documents(operation, version)) return stream
      const ofHead = validator.validateHead(operation, version, { method, status: stream.status, contentType: stream.header('Content-Type') })
      if (ofHead.length > 0) note(operation, stream.status, ofHead, { ...exchangeOf(method, path, stream.status), responseHeaders: stream.headers })
      const check = (value: unknown) => {
        const violations = validator.validateItem(operation, version, stream.status, value)
        if (violations !== undefined) note(operation, stream.status, violations, { ...exchangeOf(method, path, stream.status), responseBody: recordedJson(value) })
      }
      return {
        ...stream,
        async nextValue(timeoutMs) {
          const value = await stream.nextValue(timeoutMs)
          if (value !== undefined) check(value)
          return value
        },
        async allValues(limits) {
          const values = await stream.allValues(limits)
          values.forEach(check)
          return values
        },
      }
    },
    observations: () =>
      [...seen].map(([operation, { answers, violations }]) => ({ operation, answers, violations: [...violations.values()] })),
  }
}

/** A pointer with the positions in arrays and the keys of maps of ids left out, so that one fault is counted once. */
function shapeOf(pointer: string): string {
  return pointer.replace(/\/\d+(?=\/|$)/g, '/*').replace(/\/[0-9a-f]{64}(?=\/|$)/g, '/*')
}

function exchangeOf(method: string, path: string, status: number): Exchange {
  return { method, path, requestHeaders: [], status, atMs: 0, durationMs: 0 }
}

function recordedJson(value: unknown): NonNullable<Exchange['responseBody']> {
  const bytes = Buffer.from(JSON.stringify(value))
  return { base64: bytes.subarray(0, 8192).toString('base64'), size: bytes.byteLength }
}
