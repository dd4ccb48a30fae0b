import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

test('keys of certificates are for nobody else to read, whatever the umask', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-tls-'))
  try {
    execFileSync('bash', ['-c', 'set -eu; . ci/common.sh; . ci/daemons/tls.sh; umask 000; make_certificates "$0"', join(folder, 'certs')], { cwd: new URL('../../', import.meta.url), stdio: ['ignore', 'ignore', 'inherit'] })
    const keys = readdirSync(join(folder, 'certs')).filter((name) => name.endsWith('key.pem'))
    expect(keys.sort()).toEqual(['ca-key.pem', 'key.pem', 'server-key.pem'])
    for (const name of keys) expect((statSync(join(folder, 'certs', name)).mode & 0o777).toString(8), name).toBe('600')
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
