import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeFrame } from '../../harness/wire/frames.ts'
import { hexdump } from '../../harness/wire/hexdump.ts'
import { markFrames } from '../frame-marks.ts'
import { markupText } from '../markup.ts'
import { frameDumpMarkup } from './frame-dump.ts'

const shown = (bytes: Uint8Array, from = 0) => markupText(frameDumpMarkup(bytes, from, markFrames(bytes)))

describe('frameDumpMarkup', () => {
  test('outlines header and payload of each frame, in both columns', () => {
    const stream = Buffer.concat([encodeFrame('stdout', Buffer.from('abc')), encodeFrame('stderr', Buffer.from('d'))])
    expect(shown(stream)).toBe(
      '00000000  <span class="frame head">01 00 00 00 00 00 00 03</span>  <span class="frame stdout">61 62 63</span> <span class="frame head">02 00 00 00 00</span>' +
        '  |<span class="frame head">........</span><span class="frame stdout">abc</span><span class="frame head">.....</span>|\n' +
        '00000010  <span class="frame head">00 00 01</span> <span class="frame stderr">64</span>                                       |<span class="frame head">...</span><span class="frame stderr">d</span>|',
    )
  })

  test('is the plain dump with nothing but outlines added, whatever the bytes', () => {
    const stream = fc.array(fc.tuple(fc.constantFrom('stdout' as const, 'stderr' as const), fc.uint8Array({ maxLength: 40 })))
    fc.assert(fc.property(stream, fc.uint8Array({ maxLength: 30 }), (frames, rest) => {
      const bytes = Buffer.concat([...frames.map(([name, payload]) => encodeFrame(name, payload)), rest])
      const plain = shown(bytes).replace(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')
      expect(plain).toBe(hexdump(bytes))
    }))
  })
})
