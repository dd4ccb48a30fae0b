import type { Change } from './comparison.ts'

/** All changes, in the order in which they are told. */
export const changes = ['worse', 'lost', 'better', 'gained'] as const satisfies readonly Change[]

/** How a change is told. */
export const changeWords: Readonly<Record<Change, { readonly title: string; readonly meaning: string; readonly sign: string }>> = {
  worse: { sign: '▼', title: 'Got worse', meaning: 'It became red, or a known failing.' },
  lost: { sign: '○', title: 'No longer judged', meaning: 'Not applicable or withheld, where the first was judged: a capability that is not there.' },
  better: { sign: '▲', title: 'Got better', meaning: 'It is no longer red, or no longer a known failing.' },
  gained: { sign: '●', title: 'Newly judged', meaning: 'Judged, where the first was not.' },
}
