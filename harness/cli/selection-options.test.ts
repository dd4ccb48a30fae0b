import { Command } from 'commander'
import { describe, expect, test } from 'vitest'
import type { Catalogued } from '../case/runner.ts'
import { requirement } from '../case/sample-requirement.ts'
import { addSelectionOptions, selectionOf, type SelectionOptions } from './selection-options.ts'

const catalogue: Catalogued[] = [
  requirement({ id: 'exec-start-detached', area: 'exec', operation: 'POST /exec/{id}/start', sources: ['change 1.24/07'] }),
  requirement({ id: 'info-integers', area: 'system', operation: 'GET /info', sources: ['operation', 'general/03'] }),
].map((each) => ({ requirement: each, file: 'x.conformance.ts' }))

const parse = (...args: string[]) => addSelectionOptions(new Command()).parse(args, { from: 'user' }).opts<SelectionOptions>()
const select = (...args: string[]) => selectionOf(parse(...args), catalogue)

describe('the options that select', () => {
  test('take lists, and can be repeated', () => {
    expect(parse('--area', 'exec, system', '--area', 'images', '--only', 'a-*,b')).toEqual({ area: ['exec', 'system', 'images'], only: ['a-*', 'b'] })
  })

  test('select everything where none is given', () => {
    expect(select()).toEqual({})
  })

  test('become a selection', () => {
    expect(select('--area', 'exec', '--operation', 'post /exec/{}/start', '--only', 'exec-*', '--source', '1.24/07')).toEqual({
      areas: ['exec'], operations: ['post /exec/{}/start'], only: ['exec-*'], sources: ['1.24/07'],
    })
  })

  test('take the cases whose answers a shape is seen in', () => {
    expect(select('--only', 'info-shape')).toEqual({ only: ['info-*'] })
  })

  test.each([
    [['--area', 'kitchen'], 'there is no area "kitchen"; there are exec, system'],
    [['--operation', 'GET /kettle'], `no case is about the operation "GET /kettle"; write it as "plimsoll list" does: 'POST /containers/{id}/start'`],
    [['--only', 'exec-start'], 'no case has the id "exec-start"; "plimsoll list" shows them all, and * stands for anything'],
    [['--only', 'exec-*,kettle-*'], 'no case has the id "kettle-*"; "plimsoll list" shows them all, and * stands for anything'],
    [['--source', '1.24/7'], 'there is no statement "1.24/7"; write 1.24/07 (the seventh change of 1.24), general/03, or operation for what the reference says of operations'],
    [['--source', 'change general/99'], /there is no statement "change general\/99"/],
    [['--source', '1.25/04'], 'no case comes from "1.25/04"'],
    [['--area', 'exec', '--only', 'info-*'], 'no case is selected by all of --area, --operation, --only and --source together'],
  ])('%j is refused: most likely a slip of the pen', (args, complaint) => {
    expect(() => select(...args)).toThrow(complaint)
  })
})
