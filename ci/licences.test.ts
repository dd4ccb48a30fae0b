import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

type Locked = { readonly packages: Readonly<Record<string, { readonly license?: string; readonly dev?: boolean; readonly hasInstallScript?: boolean; readonly integrity?: string }>> }

const root = new URL('../', import.meta.url)
const { packages } = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as Locked
const locked = Object.entries(packages).filter(([path]) => path !== '')

/** Licences under which a package may be installed beside ours (Apache-2.0): nothing of it is copied into ours. MPL-2.0 asks for its own files alone. */
const compatible = /^(?:MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|Unlicense|CC0-1\.0|Python-2\.0|MPL-2\.0)$/
/** Packages whose package.json names no licence in the way that npm knows; their LICENSE files are MIT. */
const named: Readonly<Record<string, string>> = { buildcheck: 'MIT', 'cpu-features': 'MIT', ssh2: 'MIT' }

test('every package has a licence that goes with ours', () => {
  const odd = locked.filter(([path, { license }]) => !compatible.test(license ?? named[path.replace(/^.*node_modules\//, '')] ?? 'none'))
  expect(odd.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
})

test('the packages whose licence is read by hand are MIT', () => {
  for (const name of Object.keys(named)) {
    const path = new URL(`node_modules/${name}/LICENSE`, root)
    expect(readFileSync(path, 'utf8'), name).toMatch(/Permission is hereby granted, free of charge/)
  }
})

test('every package has a digest', () => {
  const odd = locked.filter(([, { integrity }]) => integrity?.startsWith('sha512-') !== true)
  expect(odd.map(([path]) => path)).toEqual([])
})

test('no package but these wants to run a script when it is installed', () => {
  // ssh2 and cpu-features build what makes ssh faster, protobufjs prints a warning: testcontainers brings them.
  expect(locked.filter(([, each]) => each.hasInstallScript === true).map(([path]) => path.replace(/^node_modules\//, ''))).toEqual(['cpu-features', 'protobufjs', 'ssh2'])
})

test('what is installed here runs none of these', () => {
  expect(readFileSync(new URL('ci/common.sh', root), 'utf8')).toMatch(/fetch_packages ci --ignore-scripts /)
})
