import { describe, test } from 'vitest'
import { Nonconformance } from './errors.ts'
import { expect } from './matchers.ts'
import { exchange } from './sample-requirement.ts'

describe('toAnswer', () => {
  const answer = { status: 404, text: ' no such\u001b[2J thing\n', exchange: exchange({ method: 'POST', path: '/v1.24/x' }) }
  const thrownBy = (check: () => void): Nonconformance => {
    try {
      check()
    } catch (error) {
      if (error instanceof Nonconformance) return error
      throw error
    }
    throw new TypeError('nothing was thrown')
  }

  test('takes the status, or one of several', () => {
    expect(answer).toAnswer(404)
    expect(answer).toAnswer(400, 404)
    expect(answer).not.toAnswer(200, 204)
  })

  test('blames the daemon with the exchange, and shows what it said', () => {
    const error = thrownBy(() => expect(answer).toAnswer(200, 204))
    expect(error.message).toBe('POST /v1.24/x: expected status 200 or 204, got 404 with no such\\x1b[2J thing')
    expect(error.exchange).toBe(answer.exchange)
  })

  test('the same the other way round', () => {
    expect(thrownBy(() => expect(answer).not.toAnswer(404)).message).toMatch(/^POST \/v1\.24\/x: expected another status than 404, got 404/)
  })

  test('does without text and exchange', () => {
    expect(thrownBy(() => expect({ status: 500 }).toAnswer(200)).message).toBe('the daemon: expected status 200, got 500')
  })
})
