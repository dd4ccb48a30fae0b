import { printableJson } from './printable-json.ts'
import type { Results } from './results.ts'

/** The content of `results.json`. */
export function formatResults(results: Results): string {
  return printableJson(results)
}
