import type { Duplex } from 'node:stream'
import type { Endpoint } from '../wire/endpoint.ts'
import { startGoBetween, type GoBetween } from '../wire/go-between.ts'
import { HeadError } from '../wire/head.ts'
import { bodyReader, type BodyReader } from './body.ts'
import type { Alteration, AnswerHead, Mutation, RequestHead, Rewriter, WholeAnswer } from './fault.ts'
import { answerFraming, lastChunk, NoHead, requestFraming, takeAnswerHead, takeRequestHead, withHeader, withoutHeader, writeAnswerHead, writeChunk, writeRequestHead, type Framing } from './message.ts'
import { watched } from './rewriters.ts'

/** A daemon that is wrong in one way: a socket that stands for the healthy one. */
export type WrongDaemon = GoBetween & {
  /** The requests, each as `GET /v1.24/info`, at which something was changed. */
  readonly altered: readonly string[]
}

/** Altered requests that are remembered. */
const alteredLimit = 20

/**
 * Listens on a unix socket and stands for a daemon that is wrong in one way. What the mutation leaves alone goes through byte for byte, in
 * both directions, each with its own end; the bytes behind a request wait for the head of its answer, which tells what they are.
 * @param path of the socket; must not exist
 * @throws what starting a go-between throws
 */
export async function startWrongDaemon(target: Endpoint, path: string, mutation: Mutation): Promise<WrongDaemon> {
  const altered: string[] = []
  const between = await startGoBetween(target, path, (client, report) => ({
    joined(daemon) {
      stand({
        client,
        daemon,
        mutation,
        onAltered({ method, path: asked }) {
          const line = `${method} ${asked}`
          if (altered.length < alteredLimit && !altered.includes(line)) altered.push(line)
        },
        onProblem: report,
      })
    },
  }))
  return { ...between, altered }
}

/** One request under way, and its answer. */
type Current = {
  readonly head: RequestHead
  readonly alteration: Alteration
  /** Follows the request's body. */
  readonly request: BodyReader
  /** The parts of a request's body that goes on when it is whole. */
  readonly collected: Buffer[] | undefined
  /** Follows the answer's body, once its head is there. */
  answer?: { readonly reader: BodyReader; readonly rewriter: Rewriter | undefined; readonly send: (content: Uint8Array) => Uint8Array; readonly finish: () => Uint8Array }
}

type Connection = {
  readonly client: Duplex
  readonly daemon: Duplex
  readonly mutation: Mutation
  readonly onAltered: (head: RequestHead) => void
  readonly onProblem: (error: unknown) => void
}

const none: Alteration = {}

/** Stands between a client and the daemon on one connection. */
function stand({ client, daemon, mutation, onAltered, onProblem }: Connection): void {
  let fromClient: Buffer = Buffer.alloc(0)
  let fromDaemon: Buffer = Buffer.alloc(0)
  let current: Current | undefined
  /** The connection is no more HTTP: bytes pass, through what the fault makes of them. */
  let raw: { readonly toDaemon: Rewriter | undefined; readonly toClient: Rewriter | undefined } | undefined
  let clientEnded = false
  let daemonEnded = false
  let endedToDaemon = false
  let cut = false

  const toClient = (bytes: Uint8Array) => write(client, bytes, daemon)
  const toDaemon = (bytes: Uint8Array) => write(daemon, bytes, client)
  const note = () => current && onAltered(current.head)

  function takeRequest(): boolean {
    const taken = takeRequestHead(fromClient)
    if (taken === undefined) return false
    fromClient = taken.rest
    const alteration = mutation(taken.head) ?? none
    const collects = alteration.requestBody !== undefined || alteration.instead !== undefined
    current = { head: taken.head, alteration, request: bodyReader(requestFraming(taken.head.headers)), collected: collects ? [] : undefined }
    if (collects) {
      if (current.request.done) sendCollected()
      return true
    }
    const head = alteration.request?.(taken.head)
    const bytes = head === undefined || same(head, taken.head) ? taken.raw : writeRequestHead(head)
    if (bytes !== taken.raw) note()
    toDaemon(bytes)
    return true
  }

  /** Sends on a request whose body had to be whole first, or answers it. */
  function sendCollected(): void {
    if (current?.collected === undefined) return
    const { head, alteration, collected } = current
    const body = Buffer.concat(collected)
    if (alteration.instead !== undefined) {
      note()
      toClient(wholeAnswer(head.method, alteration.instead(body)))
      current = undefined
      return
    }
    const changed = alteration.requestBody?.(body) ?? body
    const changedHead = alteration.request?.(head) ?? head
    if (!body.equals(changed) || !same(head, changedHead)) note()
    // The coding is written anew: a body of this length in one piece.
    const framed = requestFraming(head.headers) === 'chunked' || body.byteLength !== changed.byteLength
    const headers = framed ? withHeader(withoutHeader(changedHead.headers, 'Transfer-Encoding'), 'Content-Length', String(changed.byteLength)) : changedHead.headers
    toDaemon(writeRequestHead({ ...changedHead, headers }))
    toDaemon(changed)
  }

  function takeAnswer({ head, raw: rawHead }: { head: AnswerHead; raw: Buffer }): void {
    if (current === undefined) return
    if (head.status < 200 && head.status !== 101) return void toClient(rawHead)
    const { alteration, head: request } = current
    const prelude = alteration.prelude?.(head) ?? new Uint8Array()
    if (prelude.byteLength > 0) note()
    toClient(prelude)
    const framing = answerFraming(request.method, head)
    const changed = alteration.head?.(head) ?? head
    const changes = !same(changed, head)
    if (changes) note()
    if (framing === 'until-close') {
      const rewriters = alteration.hijacked?.(head)
      const body = rewriters?.fromDaemon ?? alteration.body?.(head)
      raw = { toClient: body && watched(body, note), toDaemon: rewriters?.fromClient && watched(rewriters.fromClient, note) }
      const takenOver = answerFraming(request.method, changed) === 'until-close'
      toClient(changes ? writeAnswerHead(takenOver ? changed : { ...changed, headers: withHeader(changed.headers, 'Connection', 'close') }) : rawHead)
      return
    }
    const rewriter = alteration.body?.(head)
    const watching = rewriter && watched(rewriter, note)
    if (watching === undefined && !changes) {
      toClient(rawHead)
      current.answer = { reader: bodyReader(framing), rewriter: undefined, send: (bytes) => bytes, finish: () => new Uint8Array() }
      return
    }
    current.answer = { reader: bodyReader(framing), rewriter: watching ?? passing(), ...framed(request.method, changed, framing) }
  }

  /** How the body of an answer that is changed is delimited: as it was, as far as its new status allows. */
  function framed(method: string, head: AnswerHead, framing: Framing): Pick<NonNullable<Current['answer']>, 'send' | 'finish'> {
    const bodyless = head.status === 204 || head.status === 304
    if (bodyless || method === 'HEAD') {
      toClient(writeAnswerHead(bodyless ? { ...head, headers: withoutHeader(head.headers, 'Content-Length', 'Transfer-Encoding', 'Content-Type') } : head))
      return { send: () => new Uint8Array(), finish: () => new Uint8Array() }
    }
    if (framing === 'chunked') {
      toClient(writeAnswerHead(head))
      return { send: writeChunk, finish: () => lastChunk }
    }
    // The length stands in the head: it waits until the body is whole.
    const parts: Uint8Array[] = []
    return {
      send(bytes) {
        parts.push(Uint8Array.prototype.slice.call(bytes))
        return new Uint8Array()
      },
      finish() {
        const body = Buffer.concat(parts)
        return Buffer.concat([writeAnswerHead({ ...head, headers: withHeader(head.headers, 'Content-Length', String(body.byteLength)) }), body])
      },
    }
  }

  function readBody(): boolean {
    if (current?.answer === undefined) return false
    const { reader, rewriter, send, finish } = current.answer
    if (!reader.done) {
      if (fromDaemon.byteLength === 0) return false
      const { raw: bytes, content, rest } = reader.push(fromDaemon)
      fromDaemon = rest
      if (rewriter === undefined) toClient(bytes)
      else if (content.byteLength > 0) toClient(send(rewriter.push(content)))
      if (rewriter?.over === true && !reader.done) {
        toClient(send(rewriter.end()))
        toClient(finish())
        cutOff()
        return false
      }
    }
    if (!reader.done) return true
    if (!current.request.done) return false
    if (rewriter !== undefined) {
      toClient(send(rewriter.end()))
      toClient(finish())
    }
    current = undefined
    return true
  }

  /** The fault ends the answer before the daemon does. */
  function cutOff(): void {
    cut = true
    client.end()
    daemon.destroy()
  }

  function step(): boolean {
    if (raw !== undefined) return passRaw(raw)
    if (current === undefined) return takeRequest()
    if (!current.request.done && fromClient.byteLength > 0) {
      const { raw: bytes, content, rest } = current.request.push(fromClient)
      fromClient = rest
      if (current.collected === undefined) toDaemon(bytes)
      else {
        current.collected.push(Buffer.from(content))
        if (current.request.done) sendCollected()
      }
      return true
    }
    if (current.answer !== undefined) return readBody()
    const taken = takeAnswerHead(fromDaemon)
    if (taken === undefined) return false
    fromDaemon = taken.rest
    takeAnswer(taken)
    return true
  }

  function passRaw({ toDaemon: up, toClient: down }: NonNullable<typeof raw>): boolean {
    if (fromClient.byteLength > 0) {
      const bytes = fromClient
      fromClient = Buffer.alloc(0)
      toDaemon(up?.push(bytes) ?? bytes)
    }
    if (fromDaemon.byteLength > 0) {
      const bytes = fromDaemon
      fromDaemon = Buffer.alloc(0)
      toClient(down?.push(bytes) ?? bytes)
      if (down?.over === true && !cut) {
        toClient(down.end())
        cutOff()
      }
    }
    return false
  }

  function advance(): void {
    if (cut) return
    try {
      while (step());
      passEnds()
    } catch (error) {
      if (raw === undefined && (error instanceof NoHead || error instanceof HeadError)) return relay()
      onProblem(error)
      client.destroy()
      daemon.destroy()
    }
  }

  /** What no HTTP is goes on as it is, and nothing more of this connection is read. */
  function relay(): void {
    raw = { toDaemon: undefined, toClient: undefined }
    advance()
  }

  /** Passes on the end of a direction, once everything before it has gone. */
  function passEnds(): void {
    // The end of a head that is not whole: whoever gets it must judge that.
    const torn = raw === undefined && ((clientEnded && current === undefined && fromClient.byteLength > 0) || (daemonEnded && fromDaemon.byteLength > 0))
    if (torn) return relay()
    // What becomes of this end is not known before the answer's head.
    if (raw === undefined && current?.answer === undefined && current?.alteration.hijacked !== undefined && !daemonEnded) return
    if (clientEnded && !endedToDaemon && fromClient.byteLength === 0 && (raw !== undefined || current === undefined || current.request.done)) {
      endedToDaemon = true
      const rest = raw?.toDaemon?.end()
      if (rest !== undefined) toDaemon(rest)
      if (raw?.toDaemon?.keepsOpen !== true) daemon.end()
    }
    if (daemonEnded && !cut) {
      cut = true
      const rest = raw?.toClient?.end()
      if (rest !== undefined) toClient(rest)
      client.end()
    }
  }

  client.on('data', (bytes: Buffer) => {
    fromClient = fromClient.byteLength === 0 ? bytes : Buffer.concat([fromClient, bytes])
    advance()
  })
  daemon.on('data', (bytes: Buffer) => {
    fromDaemon = fromDaemon.byteLength === 0 ? bytes : Buffer.concat([fromDaemon, bytes])
    advance()
  })
  client.once('end', () => ((clientEnded = true), advance()))
  daemon.once('end', () => ((daemonEnded = true), advance()))
  client.once('close', () => finishSide(daemon))
  daemon.once('close', () => finishSide(client))
  client.resume()
  daemon.resume()
}

function passing(): Rewriter {
  return { push: (bytes) => bytes, end: () => new Uint8Array() }
}

/** Where one side is closed, so is the other, once it has what was sent before. */
function finishSide(other: Duplex): void {
  if (other.writableFinished) other.destroy()
  else other.end(() => other.destroy())
}

/** Writes, and keeps the source from sending faster than the receiver reads. */
function write(to: Duplex, bytes: Uint8Array, from: Duplex): void {
  if (bytes.byteLength === 0 || !to.writable) return
  if (!to.write(bytes) && !from.isPaused()) {
    from.pause()
    to.once('drain', () => from.resume())
  }
}

function same(one: RequestHead | AnswerHead, other: RequestHead | AnswerHead): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}

function wholeAnswer(method: string, { body, ...head }: WholeAnswer): Buffer {
  const bodyless = head.status === 204 || head.status === 304
  const headers = bodyless ? head.headers : withHeader(head.headers, 'Content-Length', String(body.byteLength))
  return Buffer.concat([writeAnswerHead({ ...head, headers }), bodyless || method === 'HEAD' ? new Uint8Array() : body])
}
