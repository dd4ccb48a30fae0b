import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indentJson } from './indent-json.ts'

describe('indentJson', () => {
  test('breaks lines and changes nothing else', () => {
    expect(indentJson('{"a":[1.0,{"a":"x,y:{\\""}],"a":1e400, "e":[],"o":{}}\n')).toBe(
      ['{', '  "a": [', '    1.0,', '    {', '      "a": "x,y:{\\""', '    }', '  ],', '  "a": 1e400,', '  "e": [],', '  "o": {}', '}'].join('\n'),
    )
  })

  test.each(['', 'text', '"text"', '12', '{"a":', '{"a":1}{"b":2}', '[1'])('leaves %j alone', (text) => {
    expect(indentJson(text)).toBeUndefined()
  })

  test('keeps the value and every token', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const indented = indentJson(text)
        if (indented === undefined) return
        expect(JSON.parse(indented)).toEqual(JSON.parse(text))
        expect(indented.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
      }),
    )
  })
})
