import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server on this machine that a daemon may fetch from. */
export type HostServer = {
  readonly port: number
  /** The paths that were asked for so far. */
  readonly asked: readonly string[]
  close(): Promise<void>
}

/** What a path is answered with. */
export type Served = { readonly type: string; readonly content: Uint8Array | string }

/**
 * Serves some files over HTTP for as long as a case needs them; any other path is 404.
 * @param files by path: `/context.tar`
 */
export async function serveFiles(files: Readonly<Record<string, Served>>): Promise<HostServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    asked.push(path)
    const file = Object.hasOwn(files, path) ? files[path] : undefined
    if (file === undefined) return void response.writeHead(404).end()
    response.writeHead(200, { 'Content-Type': file.type, 'Content-Length': Buffer.byteLength(file.content) })
    response.end(request.method === 'HEAD' ? undefined : file.content)
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '0.0.0.0', resolve)
  await promise
  const { port } = server.address() as AddressInfo
  return {
    port,
    asked,
    close() {
      server.closeAllConnections()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}
