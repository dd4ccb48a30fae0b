import { matchOperation, type Operation } from '../schema/operations.ts'
import { documentedVersions, isApiVersion, type ApiVersion } from '../versions.ts'
import type { Overheard } from '../wire/overhear.ts'
import type { Asked, Fault, Mutation, RequestHead, Seen } from './fault.ts'

/** A request with what it asks for; `operation` is undefined where the schemas have none. */
export function readAsked(operations: readonly Operation[], head: RequestHead): Asked & { readonly operation: Operation | undefined } {
  const [before = '', query = ''] = head.path.split(/\?(.*)/s)
  const [, version, rest] = /^\/v(\d+\.\d+)(\/.*)$/.exec(before) ?? []
  const route = rest ?? before
  return {
    ...head,
    version: version !== undefined && isApiVersion(version) ? version : undefined,
    route,
    query: new URLSearchParams(query),
    operation: matchOperation(operations, head.method, route),
  }
}

/** What a fault makes of the requests on a connection. One without a version, or with one that is not documented, is for the fault itself to judge. */
export function mutationOf(fault: Fault, operations: readonly Operation[]): Mutation {
  const wrong = fault.wrong()
  return (head) => {
    const { operation, ...asked } = readAsked(operations, head)
    if (operation?.operation !== fault.operation) return undefined
    if (documentedVersions.some((version) => version === asked.version) && !fault.versions.some((version) => version === asked.version)) return undefined
    return wrong(asked)
  }
}

/** An exchange that was overheard, in the parts that faults ask for; undefined where it belongs to no operation. */
export function readSeen(operations: readonly Operation[], overheard: Overheard): Seen | undefined {
  const { method, path, requestHeaders, responseHeaders, status, hijacked, responseBody, requestBody } = overheard
  const { operation, version, route, query } = readAsked(operations, { method, path, headers: requestHeaders })
  if (operation === undefined) return undefined
  return {
    method, requestHeaders, responseHeaders, hijacked, responseBody, requestBody, version, route, query,
    ...(status !== undefined && { status }),
    operation: operation.operation,
    requestJson: jsonValues(requestBody)[0],
    values: jsonValues(responseBody),
  }
}

/** Whether a fault would show in an exchange at some version of a case. */
export function showsIn(fault: Fault, seen: Seen, ofCase: ApiVersion): boolean {
  return seen.operation === fault.operation && fault.versions.includes(documentedVersions.find((version) => version === seen.version) ?? ofCase) && fault.touches(seen)
}

/** The JSON value of a body, or those of a stream, one a line. */
function jsonValues(body: Buffer): unknown[] {
  const first = body.subarray(0, 64).toString('latin1').trimStart()[0]
  if (first !== '{' && first !== '[') return []
  const text = body.toString('utf8').trim()
  const parse = (part: string): unknown[] => {
    try {
      return [JSON.parse(part)]
    } catch {
      return []
    }
  }
  const one = parse(text)
  return one.length > 0 ? one : text.split('\n').flatMap(parse)
}
