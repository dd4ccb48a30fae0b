import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { documentedVersions } from '../../harness/versions.ts'

const report = process.env.PLIMSOLL_REPORT ?? 'plimsoll-report'

/** What Allure 2 reads by itself; Allure 3 wants it here. */
const categories = JSON.parse(readFileSync(join(report, 'allure-results', 'categories.json'), 'utf8'))

export default {
  name: 'Plimsoll',
  historyPath: join(report, 'allure-history.jsonl'),
  // An environment per API version; what names none would be Allure's default one.
  environments: Object.fromEntries(
    documentedVersions.map((version) => [
      `v${version.replace('.', '_')}`,
      { name: `API v${version}`, matcher: ({ labels }) => labels.some(({ name, value }) => name === 'epic' && value === `API v${version}`) },
    ]),
  ),
  categories: categories.map(({ name, messageRegex, matchedStatuses }) => ({ name, matchers: { message: new RegExp(messageRegex, 's'), statuses: matchedStatuses } })),
  plugins: { awesome: { options: { singleFile: true, reportName: 'Plimsoll', groupBy: ['feature', 'story'] } } },
}
