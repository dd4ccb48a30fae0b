import { describe, expect, test } from 'vitest'
import { byteQueue } from './byte-queue.ts'

const still = { pause() {}, resume() {} }
const bytes = (...values: number[]) => Uint8Array.from(values)

describe('byteQueue', () => {
  test('gives the bytes in their order, then the end', async () => {
    const queue = byteQueue(still)
    queue.push(bytes(1))
    queue.push(bytes())
    queue.push(bytes(2, 3))
    queue.finish()
    queue.push(bytes(4))
    expect([await queue.read(1000), await queue.read(1000), await queue.read(1000), await queue.read(1000)]).toEqual([bytes(1), bytes(2, 3), undefined, undefined])
  })

  test('wakes a reader that waits', async () => {
    const queue = byteQueue(still)
    const waiting = queue.read(20_000)
    queue.push(bytes(1))
    expect(await waiting).toEqual(bytes(1))
    const atTheEnd = queue.read(20_000)
    queue.finish()
    expect(await atTheEnd).toBeUndefined()
  })

  test('gives what came before an error, then the error, as often as it is asked', async () => {
    const queue = byteQueue(still)
    queue.push(bytes(1))
    queue.fail(new Error('broke'))
    queue.finish()
    expect(await queue.read(1000)).toEqual(bytes(1))
    await expect(queue.read(1000)).rejects.toThrow('broke')
    await expect(queue.read(1000)).rejects.toThrow('broke')
  })

  test('an end that has come is not undone by a later error', async () => {
    const queue = byteQueue(still)
    queue.finish()
    queue.fail(new Error('late'))
    expect(await queue.read(1000)).toBeUndefined()
  })

  test('waits no longer than it is told, and can be read on', async () => {
    const queue = byteQueue(still)
    await expect(queue.read(20)).rejects.toMatchObject({ name: 'WireError', kind: 'deadline', message: expect.stringContaining('20 ms') as string })
    queue.push(bytes(1))
    expect(await queue.read(20)).toEqual(bytes(1))
  })

  test('asks the source to pause where the reader falls behind, once, and to go on when it has caught up', async () => {
    const told: string[] = []
    const queue = byteQueue({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    for (let pushed = 0; pushed < 6; pushed += 1) queue.push(new Uint8Array(1024 * 1024 - 256))
    expect(told).toEqual(['pause'])
    for (let read = 0; read < 3; read += 1) await queue.read(1000)
    expect(told).toEqual(['pause'])
    await queue.read(1000)
    expect(told).toEqual(['pause', 'resume'])
  })
  test('counts what a piece takes beyond its bytes', () => {
    const told: string[] = []
    const queue = byteQueue({ pause: () => told.push('pause'), resume: () => told.push('resume') })
    for (let pushed = 0; pushed < 20_000; pushed += 1) queue.push(bytes(1))
    expect(told).toEqual(['pause'])
  })

  test('gives what has come though no time is left, and says what it is told of what is late', async () => {
    const queue = byteQueue(still)
    queue.push(bytes(1))
    expect(await queue.read(0)).toEqual(bytes(1))
    await expect(queue.read(-1, () => 'too late')).rejects.toMatchObject({ kind: 'deadline', message: 'too late' })
  })
})
