import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** Runs a script of a template with an `npx` that only says what it was called with. */
function calls(shell: string, script: string, env: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-template-'))
  try {
    writeFileSync(join(folder, 'npx'), '#!/bin/sh\nfor word; do printf "%s\\n" "$word"; done\n')
    chmodSync(join(folder, 'npx'), 0o755)
    const output = execFileSync(shell, ['-eu', '-c', script], { encoding: 'utf8', env: { PATH: `${folder}:${process.env.PATH}`, GITHUB_OUTPUT: join(folder, 'output'), ...env } })
    return output.trimEnd().split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

describe('the action for GitHub', () => {
  type Action = { inputs: Record<string, { default: string }>; runs: { using: string; steps: { run?: string; env?: Record<string, string> }[] } }
  const { inputs, runs } = parse(read('action.yml')) as Action
  const step = runs.steps.find(({ run }) => run !== undefined)
  const variables = Object.keys(step?.env ?? {})

  test('lets no input become a part of its script', () => {
    expect(runs.using).toBe('composite')
    expect(step?.run).not.toContain('${{')
    expect(variables).toHaveLength(Object.keys(inputs).length - 1)
  })

  test('calls the command with what it was given, word by word', () => {
    const env = { PLIMSOLL_HOST: 'unix:///tmp/a b.sock', PLIMSOLL_API: '1.24', PLIMSOLL_KNOWN_FAILING: '', PLIMSOLL_ARGUMENTS: '--disposable\n--only\n$(touch /tmp/never);x\n', PLIMSOLL_VERSION: '0.1.0', PLIMSOLL_OUT: 'report' }
    expect(calls('bash', step?.run ?? '', env)).toEqual(['--yes', 'plimsoll@0.1.0', 'run', '--api', '1.24', '--out', 'report', '--host', 'unix:///tmp/a b.sock', '--disposable', '--only', '$(touch /tmp/never);x'])
  })
})

test('the workflow for GitHub has a job per version, and puts them together', () => {
  type Workflow = { jobs: { judge: { strategy: { matrix: { api: string[] } } }; report: { needs: string; steps: { run?: string }[] } } }
  const { jobs } = parse(read('github-workflow.yml')) as Workflow
  expect(jobs.judge.strategy.matrix.api).toContain('1.25')
  expect(jobs.report.needs).toBe('judge')
  expect(jobs.report.steps.map(({ run }) => run).join('\n')).toMatch(/plimsoll@latest report parts\/plimsoll-\* --out plimsoll-report/)
})

describe('the template for GitLab', () => {
  type Job = { script: string[]; parallel?: { matrix: { API: string[] }[] }; artifacts: { reports?: { junit: string } } }
  const template = parse(read('gitlab-ci.yml')) as Record<string, Job>

  test('has a job per version, and shows its JUnit file', () => {
    expect(template['plimsoll:judge']?.parallel?.matrix).toEqual([{ API: ['1.24', '1.25'] }])
    expect(template['plimsoll:judge']?.artifacts.reports?.junit).toBe('plimsoll-$API/junit.xml')
  })

  test('calls the command with what it was given', () => {
    const env = { API: '1.25', PLIMSOLL_VERSION: '0.1.0', PLIMSOLL_HOST: 'tcp://daemon:2375', PLIMSOLL_KNOWN_FAILING: '' }
    expect(calls('sh', template['plimsoll:judge']?.script.join('\n') ?? '', env)).toEqual(['--yes', 'plimsoll@0.1.0', 'run', '--api', '1.25', '--out', 'plimsoll-1.25', '--host', 'tcp://daemon:2375'])
  })
})
