import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { curlLine } from './curl.ts'
import { describeEndpoint } from './endpoint.ts'
import { recordBody, type Exchange, type HeaderLines } from './exchange.ts'
import { createClient } from './http.ts'
import type { RequestOptions } from './request.ts'
import { scriptedServer, type Peer } from './scripted-server.ts'

const base: Exchange = { method: 'GET', path: '/info', requestHeaders: [], atMs: 0, durationMs: 0 }
const socket = 'unix:///var/run/docker.sock'

describe('curlLine', () => {
  test.each<[Partial<Exchange>, string, string]>([
    [{}, socket, 'curl -sS -i --unix-socket /var/run/docker.sock http://localhost/info'],
    [{}, 'tcp://127.0.0.1:2375', 'curl -sS -i http://127.0.0.1:2375/info'],
    [{}, 'https://daemon:2376/base', 'curl -sS -i https://daemon:2376/base/info'],
    [{}, 'ssh -- host docker', 'curl -sS -i http://DAEMON/info'],
    [{ method: 'HEAD' }, 'tcp://h:1', 'curl -sS -i -I http://h:1/info'],
    [{ method: 'POST', path: '/a?b=c&d=e' }, 'tcp://h:1', "curl -sS -i -X POST 'http://h:1/a?b=c&d=e'"],
    [{ requestHeaders: [['Host', 'x'], ['X-A', "it's"]] }, 'tcp://h:1', `curl -sS -i -H 'X-A: it'\\''s' http://h:1/info`],
    [{ requestHeaders: [['Connection', 'Upgrade'], ['Upgrade', 'websocket']] }, 'tcp://h:1', "curl -sS -i --no-buffer -H 'Connection: Upgrade' -H 'Upgrade: websocket' http://h:1/info"],
    [{ method: 'POST', requestBody: { base64: 'AAE=', size: 10 } }, 'tcp://h:1', ": the first 2 of 10 bytes; printf %s AAE= | base64 -d | curl -sS -i -X POST -H Content-Type: --data-binary @- http://h:1/info"],
  ])('%j at %s', (exchange, endpoint, line) => {
    expect(curlLine({ ...base, ...exchange }, endpoint)).toBe(line)
  })

  test('is one line that acts on no terminal, whatever was sent', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.uint8Array(), fc.string({ unit: 'binary' }), (value, body, path) => {
      const line = curlLine({ ...base, method: 'POST', path: `/${path}`, requestHeaders: [['X', value]], requestBody: recordBody(body) }, socket)
      expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u200b\u2028\u2029\ufeff]/u)
    }))
  })
})

describe('the line in a shell', () => {
  const run = promisify(execFile)

  const script = async (peer: Peer) => {
    await peer.received((soFar) => {
      const [head = '', body] = soFar.split('\r\n\r\n')
      return body !== undefined && body.length >= Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0)
    })
    peer.send('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    peer.socket.end()
  }

  /** A request without what curl adds of itself, header lines in the order of their names. */
  function essence(request: string): { line: string; headers: string[]; body: string } {
    const [head = '', ...body] = request.split('\r\n\r\n')
    const [line = '', ...headers] = head.split('\r\n')
    const own = /^(user-agent|accept|host|connection|content-length):/i
    return { line, headers: headers.filter((header) => !own.test(header)).map((header) => header.trim()).sort(), body: body.join('\r\n\r\n') }
  }

  test.each<[string, string, string, RequestOptions & { headers?: Record<string, string> }]>([
    ['a query with JSON', 'GET', '/v1.24/containers/json?filters=%7B%22label%22%3A%5B%22a%22%5D%7D&all=1', {}],
    ['what the shell would expand', 'GET', '/a?b=$HOME&c=`id`&d=*&e=!x&f=;g', { headers: { 'X-A': '$(id) "quoted" it\'s \\ & | ;' } }],
    ['what curl would expand', 'GET', '/a/../b/./[1-3]/{x,y}', {}],
    ['a JSON body', 'POST', '/containers/create', { body: { Image: "it's", Cmd: ['sh', '-c', 'echo "$HOME" \\'], Name: 'ü' } }],
    ['a body that looks like a file', 'POST', '/x', { body: '@/etc/hostname' }],
    ['a body without a type', 'POST', '/x', { body: 'a=b' }],
    ['a body of several lines', 'POST', '/x', { body: 'a\nb\r\n\tc\n\n', headers: { 'Content-Type': 'text/plain' } }],
    ['bytes', 'PUT', '/x', { body: Uint8Array.from({ length: 256 }, (_, index) => index), headers: { 'Content-Type': 'application/x-tar' } }],
    ['an empty header', 'GET', '/x', { headers: { 'X-Empty': '', 'X-Tab': 'a\tb%s\'"' } }],
    ['a body with GET', 'GET', '/x', { body: '{}' }],
  ])('sends %s again, byte for byte', async (_, method, path, options) => {
    for (const listen of ['unix', 'tcp'] as const) {
      await using server = await scriptedServer(script, { listen })
      const client = createClient(server.endpoint)
      const { exchange } = await client.request(method, path, options)
      await client.close()
      const { stdout } = await run('sh', ['-c', curlLine(exchange, describeEndpoint(server.endpoint))])
      expect(stdout).toMatch(/^HTTP\/1\.1 200 OK/)
      const [first = '', second = ''] = server.requests
      expect(essence(second)).toEqual(essence(first))
      expect(essence(second).line).toBe(`${method} ${path} HTTP/1.1`)
    }
  })

  test('any header and any body', async () => {
    const character = fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
    const headers: fc.Arbitrary<HeaderLines> = fc.array(fc.tuple(fc.constantFrom('X-A', 'X-B'), fc.string({ unit: character })), { maxLength: 2 }).map((lines) => lines.map(([name, value]) => [name, value.trim()] as const))
    await using server = await scriptedServer(script)
    await fc.assert(fc.asyncProperty(headers, fc.oneof(fc.uint8Array(), fc.string().map((text) => Buffer.from(text))), async (lines, body) => {
      const already = server.requests.length
      await run('sh', ['-c', curlLine({ ...base, method: 'POST', path: '/x', requestHeaders: lines, requestBody: recordBody(body) }, describeEndpoint(server.endpoint))])
      const seen = essence(server.requests[already] ?? '')
      expect(seen.headers).toEqual(lines.map(([name, value]) => `${name}: ${value}`.trim()).sort())
      expect(seen.body).toBe(Buffer.from(body).toString('latin1'))
    }), { numRuns: 20 })
  })
})
