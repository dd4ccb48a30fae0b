import { defineConfig } from 'vitest/config'

// The tests of the harness itself. The conformance cases run through `plimsoll run`, which makes its own configuration.
export default defineConfig({
  test: {
    include: ['{harness,reports,ci,suites,schemas}/**/*.test.ts'],
    pool: 'threads',
    // Half of what the longest files do is waiting for their daemons.
    maxWorkers: 2,
    testTimeout: 30_000,
    setupFiles: ['allure-vitest/setup'],
    reporters: ['default', ['json', { outputFile: '.cache/test-results.json' }], ['allure-vitest/reporter', { resultsDir: '.cache/allure-results' }]],
  },
})
