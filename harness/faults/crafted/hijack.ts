import type { Rewriter } from '../fault.ts'
import { withoutHeader } from '../message.ts'
import { each } from '../rewriters.ts'
import { header, type Crafted } from './define.ts'

const nothing = new Uint8Array()
const attach = 'POST /containers/{id}/attach'
const exec = 'POST /exec/{id}/start'
const websocket = 'GET /containers/{id}/attach/ws'

/** The last part of what the client sent is lost when its direction ends. */
function lastPartLost(): Rewriter {
  let held: Uint8Array = nothing
  return {
    push(bytes) {
      const out = held
      held = Buffer.from(bytes)
      return out
    },
    end: () => nothing,
  }
}

const endSwallowed = (): Rewriter => ({ push: (bytes) => bytes, end: () => nothing, keepsOpen: true })

/** Nothing comes any more once the client has ended its direction. */
function deafAfterEnd(): { fromClient: Rewriter; fromDaemon: Rewriter } {
  let ended = false
  return {
    fromClient: {
      push: (bytes) => bytes,
      end() {
        ended = true
        return nothing
      },
    },
    fromDaemon: each((bytes) => (ended ? nothing : bytes)),
  }
}

const withoutUpgrade = () => ({ request: (head: Parameters<NonNullable<import('../fault.ts').Alteration['request']>>[0]) => ({ ...head, headers: withoutHeader(head.headers, 'Upgrade', 'Connection') }) })
const upgraded = ({ status }: { status?: number }) => status === 101

/** Flags of a websocket's frame (RFC 6455, section 5.2) changed: the first byte of each frame, as far as they come one a packet. */
function opcode(change: (byte: number) => number): Rewriter {
  return each((bytes) => {
    const changed = Buffer.from(bytes)
    const first = changed[0]
    if (first !== undefined) changed[0] = change(first)
    return changed
  })
}

const both = (id: string, does: string, fault: Omit<Crafted, 'id' | 'operation' | 'sentence'>): Crafted[] => [
  { ...fault, id: `hijack-${id}-attach`, operation: attach, sentence: `${attach} ${does}` },
  { ...fault, id: `hijack-${id}-exec`, operation: exec, sentence: `${exec} ${does}` },
]

/** Faults of connections that are taken over. */
export const hijackFaults: readonly Crafted[] = [
  ...both('no-upgrade', 'takes a connection over with 200 where an upgrade was asked for', { words: ['upgrade', '101'], touches: upgraded, wrong: withoutUpgrade }),
  ...both('output-before-head', 'sends output before the head of its answer', { words: ['upgrade', 'head'], touches: ({ status }) => status === 101 || status === 200, wrong: () => ({ prelude: () => Buffer.from([1, 0, 0, 0, 0, 0, 0, 1, 0x21]) }) }),
  ...both('stdin-lost', 'takes no stdin', { words: ['stdin'], wrong: () => ({ hijacked: () => ({ fromClient: each(() => nothing) }) }) }),
  ...both('stdin-cut', 'loses the last of stdin when the client ends it', { words: ['stdin', 'half'], wrong: () => ({ hijacked: () => ({ fromClient: lastPartLost() }) }) }),
  ...both('stdin-lines', 'turns line feeds of stdin into carriage returns', { words: ['stdin', 'bytes'], wrong: () => ({ hijacked: () => ({ fromClient: each((bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n', '\r'), 'latin1')) }) }) }),
  ...both('end-swallowed', 'does not pass on the end of stdin', { words: ['stdin', 'half', 'end'], wrong: () => ({ hijacked: () => ({ fromClient: endSwallowed() }) }) }),
  ...both('output-lost-after-end', 'loses what is written after stdin has ended', { words: ['stdin', 'half', 'end'], wrong: () => ({ hijacked: deafAfterEnd }) }),
  ...both('seven-bits', 'clears the eighth bit of output', { words: ['bytes', 'binary'], touches: ({ status }) => status === 101 || status === 200, wrong: () => ({ body: () => each((bytes) => bytes.map((byte) => byte & 0x7f)) }) }),
  { id: 'websocket-accept', operation: websocket, sentence: 'the websocket is accepted with another key than the one that was sent', touches: upgraded, wrong: header('Sec-WebSocket-Accept', () => 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=') },
  { id: 'websocket-binary', operation: websocket, sentence: 'the websocket sends binary messages where text is due', words: ['text', 'message'], touches: upgraded, wrong: () => ({ body: () => opcode((byte) => ((byte & 0x0f) === 1 ? (byte & 0xf0) | 2 : byte)) }) },
  { id: 'websocket-unfinished', operation: websocket, sentence: 'the messages of the websocket never end', touches: upgraded, wrong: () => ({ body: () => opcode((byte) => byte & 0x7f) }) },
]
