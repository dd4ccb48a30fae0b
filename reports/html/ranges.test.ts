import { expect, test } from 'vitest'
import type { ApiVersion } from '../../harness/versions.ts'
import { nameVersions } from './ranges.ts'

const all: readonly ApiVersion[] = ['1.8', '1.9', '1.10', '1.11', '1.12']

test.each<[ApiVersion[], string]>([
  [['1.9'], 'v1.9'],
  [['1.9', '1.10'], 'v1.9, v1.10'],
  [['1.11', '1.8', '1.9', '1.10'], 'v1.8 to v1.11'],
  [['1.8', '1.10', '1.12'], 'v1.8, v1.10, v1.12'],
  [[], ''],
])('%j is named %s', (versions, named) => {
  expect(nameVersions(versions, all)).toBe(named)
})
