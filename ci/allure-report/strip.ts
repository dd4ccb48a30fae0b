import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * Takes out of an Allure page what would tell others that it was opened: the tag of an analytics service, and the script that
 * feeds it.
 * @throws Error where some of it is left, for then Allure has changed and this has to
 */
export function withoutAnalytics(page: string): string {
  const stripped = page
    .replace(/<script async src="https:\/\/www\.googletagmanager\.com\/[^"]*"><\/script>\s*/g, '')
    .replace(/<script>\s*window\.dataLayer = window\.dataLayer[\s\S]*?<\/script>\s*/g, '')
  const left = /googletagmanager|google-analytics|window\.dataLayer/.exec(stripped)
  if (left !== null) throw new Error(`the page still has "${left[0]}" in it`)
  return stripped
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = process.argv[2] ?? ''
  writeFileSync(path, withoutAnalytics(readFileSync(path, 'utf8')))
}
