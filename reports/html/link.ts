import { markup, type Markup } from '../markup.ts'

/**
 * A link to another site. An address of any scheme but http and https could do harm when it is followed, and is shown
 * as the text that it is.
 */
export function link(url: string, text: string): Markup {
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) return markup`${text} (${url})`
  return markup`<a href="${url}" rel="noreferrer">${text}</a>`
}
