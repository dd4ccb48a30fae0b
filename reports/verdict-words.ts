import type { Verdict } from '../harness/case/outcome.ts'

/** How a report shows a verdict: a sign and a word, so that colour is never needed, and what it means. */
export type VerdictWords = { readonly sign: string; readonly word: string; readonly meaning: string }

/** The words for each verdict. */
export const verdictWords: Readonly<Record<Verdict, VerdictWords>> = {
  pass: { sign: '✓', word: 'pass', meaning: 'The daemon does what is documented.' },
  known: { sign: '≈', word: 'known', meaning: 'It fails, or could not be staged, just as its entry among the known failings says, with reason and link.' },
  'not-applicable': { sign: '–', word: 'not applicable', meaning: 'The daemon declares that it lacks an optional capability, or its platform differs.' },
  withheld: { sign: '○', word: 'withheld', meaning: 'Not run: it could harm what others keep on this daemon. The option --disposable lifts that.' },
  fail: { sign: '✗', word: 'fail', meaning: 'The daemon is nonconformant here.' },
  blocked: { sign: '!', word: 'blocked', meaning: 'The case could not be staged, so nothing was judged. That is never counted as conformant.' },
  stale: { sign: '↺', word: 'stale', meaning: 'It passes, but stands among the known failings: that list is out of date.' },
  fault: { sign: '‼', word: 'fault', meaning: 'The suite itself broke. This says nothing about the daemon.' },
}
