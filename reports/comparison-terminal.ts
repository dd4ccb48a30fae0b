import { styleText } from 'node:util'
import { printable } from '../harness/wire/sanitize.ts'
import { changeWords, changes } from './comparison-words.ts'
import type { Comparison } from './comparison.ts'
import { reasonLine } from './explain.ts'

/** A comparison for a terminal: what got worse line by line, of the rest the numbers. */
export function summarizeComparison({ compared, common, differing, regression }: Comparison, stream: NodeJS.WriteStream): string {
  const [first, ...others] = compared
  const lines = others.flatMap(({ name }, index) => {
    const counts = changes.map((change) => `${differing.filter((one) => one.changes[index] === change).length} ${changeWords[change].title.toLowerCase()}`)
    const worse = differing.filter((one) => one.changes[index] === 'worse').map(({ requirement, version, outcomes }) => {
      const [before, after] = [outcomes[0], outcomes[index + 1]]
      return `    ${styleText('red', 'worse', { stream })} v${version} ${requirement.id}: ${before?.verdict} → ${after?.verdict}${after === undefined ? '' : `: ${printable(reasonLine(after), 200)}`}`
    })
    return [`  ${printable(name, 200)}: ${counts.join(', ')}`, ...worse]
  })
  const verdict = regression ? styleText(['red', 'bold'], 'something got red that was not', { stream }) : styleText('green', 'nothing got red that was not', { stream })
  return [`${common} verdicts compared with those of ${printable(first?.name ?? '', 200)}: ${verdict}`, ...lines].join('\n')
}
