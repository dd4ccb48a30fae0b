import { createHash } from 'node:crypto'
import type { Outcome } from '../harness/case/outcome.ts'
import type { ApiVersion } from '../harness/versions.ts'
import { canonicalJson } from './canonical-json.ts'
import { judgeProfiles, profileOf, type Profile, type ProfileVerdict } from './profiles.ts'
import type { Results } from './results.ts'
import { isBad, type Counts } from './tally.ts'

/** Something that is named by its digest: a ResourceDescriptor of in-toto. */
export type Resource = { readonly name: string; readonly digest: { readonly sha256: string }; readonly annotations?: Readonly<Record<string, string>> }

/** Verdicts of one requirement that need a word, at the versions where they are the same. */
export type Remark = { readonly id: string; readonly versions: readonly ApiVersion[]; readonly reason: string; readonly link?: string }

/**
 * A certificate: an in-toto Statement (https://github.com/in-toto/attestation/blob/main/spec/v1/statement.md) with a test result
 * (https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md), and beside what that predicate has, under
 * `plimsoll`, what a reader has to know of this one.
 */
export type Certificate = {
  readonly _type: 'https://in-toto.io/Statement/v1'
  /** The daemon. Its digest is that of its annotations as canonical JSON: a daemon that is reached over the wire shows no file. */
  readonly subject: readonly [Resource]
  readonly predicateType: 'https://in-toto.io/attestation/test-result/v0.1'
  readonly predicate: {
    /** `WARNED`: there are known failings. */
    readonly result: 'PASSED' | 'WARNED'
    /** The suite, its catalogue, and the results that all of this can be made from again. */
    readonly configuration: readonly Resource[]
    /** Requirements of the certified profiles. */
    readonly passedTests: readonly string[]
    readonly warnedTests: readonly string[]
    readonly plimsoll: {
      readonly format: 'plimsoll-certificate/1'
      readonly run: { readonly id: string; readonly startedAt: string; readonly disposable: boolean }
      readonly apiVersions: readonly ApiVersion[]
      /** The profiles that the daemon is certified for. */
      readonly certified: readonly Profile[]
      /** All profiles that were judged, certified or not. */
      readonly profiles: Readonly<Partial<Record<Profile, { readonly verdict: ProfileVerdict; readonly counts: Counts }>>>
      readonly known: readonly Remark[]
      readonly notApplicable: readonly Remark[]
      readonly withheld: readonly Remark[]
      /** Of profiles that are not certified. */
      readonly red: readonly Remark[]
    }
  }
}

/** What is asked of a certificate: the profiles that must hold. Left out: all that apply to the daemon. */
export type Claim = readonly Profile[] | undefined

/** Why no certificate can be made of results; nothing where one can. */
export function whyNoCertificate(results: Results, claim: Claim): string[] {
  const { suite, run, counts } = results
  const judged = judgeProfiles(results)
  const { narrowed } = run
  return [
    ...(suite.digest === undefined || suite.catalogue === undefined || narrowed === undefined ? ['the results do not say what suite they come from, and whether all of it ran'] : []),
    ...(narrowed === undefined || narrowed.length === 0 ? [] : [`a part of the suite only was run (${narrowed.join(' ')})`]),
    ...(run.interrupted ? ['the run was cut short'] : []),
    ...(counts.fault > 0 ? ['the suite itself broke somewhere'] : []),
    ...(counts.stale > 0 ? [`the list of known failings is out of date: ${counts.stale} of its entries passed`] : []),
    ...claimed(results, claim).flatMap((profile) => {
      const verdict = judged.get(profile)
      if (verdict?.verdict === 'conformant') return []
      if (verdict === undefined) return [`${profile}: nothing of it was judged`]
      const withheld = verdict.counts.withheld > 0 ? ` (${verdict.counts.withheld} withheld: --disposable lifts that)` : ''
      return [`${profile} is ${verdict.verdict}${withheld}`]
    }),
    ...(claimed(results, claim).length === 0 ? ['nothing was judged'] : []),
  ]
}

/**
 * The certificate that results suffice for.
 * @param bytes the very content of `results.json`
 * @throws Error where `whyNoCertificate` has something against it
 */
export function certificateOf(results: Results, bytes: Uint8Array, claim: Claim): Certificate {
  const [objection] = whyNoCertificate(results, claim)
  if (objection !== undefined) throw new Error(`no certificate can be made: ${objection}`)
  const { suite, run, daemon, versions } = results
  const certified = claimed(results, claim)
  const own = new Set(results.requirements.filter((requirement) => certified.includes(profileOf(requirement))).map(({ id }) => id))
  const byId = [...Map.groupBy(results.outcomes.filter(({ id }) => own.has(id)), ({ id }) => id)].sort(([one], [other]) => (one < other ? -1 : 1))
  const warned = byId.filter(([, outcomes]) => outcomes.some(({ verdict }) => verdict === 'known')).map(([id]) => id)
  const passed = byId.filter(([id, outcomes]) => !warned.includes(id) && outcomes.some(({ verdict }) => verdict === 'pass')).map(([id]) => id)
  const { endpoint, ...identity } = daemon
  const annotations = { ...identity, endpoint: endpointKind(endpoint) }
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: `${daemon.product} ${daemon.version}`, digest: { sha256: sha256(canonicalJson(annotations)) }, annotations }],
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: warned.length > 0 ? 'WARNED' : 'PASSED',
      configuration: [
        { name: suite.name, digest: { sha256: suite.digest ?? '' }, annotations: { version: suite.version } },
        { name: 'catalogue', digest: { sha256: suite.catalogue ?? '' } },
        { name: 'results.json', digest: { sha256: sha256(bytes) } },
      ],
      passedTests: passed,
      warnedTests: warned,
      plimsoll: {
        format: 'plimsoll-certificate/1',
        run: { id: run.id, startedAt: run.startedAt, disposable: run.disposable },
        apiVersions: versions.run,
        certified,
        profiles: Object.fromEntries(judgeProfiles(results)),
        known: remarks(results, ({ verdict }) => verdict === 'known'),
        notApplicable: remarks(results, ({ verdict }) => verdict === 'not-applicable'),
        withheld: remarks(results, ({ verdict }) => verdict === 'withheld'),
        red: remarks(results, isBad),
      },
    },
  }
}

/** The text of a certificate's file. */
export function formatCertificate(certificate: Certificate): string {
  return `${JSON.stringify(certificate, undefined, 2)}\n`
}

function claimed(results: Results, claim: Claim): Profile[] {
  const judged = judgeProfiles(results)
  return claim === undefined ? [...judged].filter(([, { verdict }]) => verdict !== 'not-applicable').map(([profile]) => profile) : [...claim]
}

/** How the daemon was reached; where is nobody's business. */
function endpointKind(endpoint: string): string {
  return /^([a-z]+):\/\//.exec(endpoint)?.[1] ?? 'command'
}

function remarks({ outcomes }: Results, wanted: (outcome: Outcome) => boolean): Remark[] {
  const alike = Map.groupBy(outcomes.filter(wanted), ({ id, verdict, reason, link }) => JSON.stringify([id, verdict, reason, link]))
  return [...alike.values()]
    .flatMap((group) => {
      const [first] = group
      if (first === undefined) return []
      return [{ id: first.id, versions: group.map(({ version }) => version), reason: first.reason ?? first.verdict, ...(first.link !== undefined && { link: first.link }) }]
    })
    .sort((one, other) => (one.id < other.id ? -1 : 1))
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
