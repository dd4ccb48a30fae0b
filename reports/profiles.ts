import type { Area, Outcome, Requirement } from '../harness/case/outcome.ts'
import type { Results } from './results.ts'
import { countVerdicts, type Counts } from './tally.ts'

/** The parts of the API that a daemon is certified for, each by itself. */
export const profiles = ['core', 'build', 'registry', 'networks', 'volumes', 'events', 'swarm', 'plugins'] as const

export type Profile = (typeof profiles)[number]

/** The profile of each area that there is. */
export const profileOfArea: Readonly<Record<Area, Profile>> = {
  system: 'core',
  containers: 'core',
  exec: 'core',
  images: 'core',
  build: 'build',
  registry: 'registry',
  networks: 'networks',
  volumes: 'volumes',
  swarm: 'swarm',
  nodes: 'swarm',
  services: 'swarm',
  tasks: 'swarm',
  secrets: 'swarm',
  plugins: 'plugins',
}

/** The profile that a requirement belongs to: its area's, but events are a profile of their own. */
export function profileOf({ area, operation }: Pick<Requirement, 'area' | 'operation'>): Profile {
  return operation === 'GET /events' ? 'events' : profileOfArea[area]
}

/** How a daemon stands in one profile. `undecided`: something was withheld or could not be staged, the suite broke, or nothing was judged. */
export type ProfileVerdict = 'conformant' | 'nonconformant' | 'not-applicable' | 'undecided'

/** The profiles that a run has anything to say of. */
export function judgeProfiles({ requirements, outcomes }: Pick<Results, 'requirements' | 'outcomes'>): ReadonlyMap<Profile, { readonly verdict: ProfileVerdict; readonly counts: Counts }> {
  const profileOfId = new Map(requirements.map((requirement) => [requirement.id, profileOf(requirement)]))
  const grouped = Map.groupBy(outcomes, ({ id }: Outcome) => profileOfId.get(id))
  return new Map(
    profiles.flatMap((profile) => {
      const own = grouped.get(profile)
      if (own === undefined) return []
      const counts = countVerdicts(own)
      return [[profile, { verdict: verdictOf(counts, own), counts }] as const]
    }),
  )
}

function verdictOf(counts: Counts, outcomes: readonly Outcome[]): ProfileVerdict {
  if (counts.fail + counts.blocked + counts.stale > 0) return 'nonconformant'
  if (counts['not-applicable'] === outcomes.length) return 'not-applicable'
  if (counts.fault + counts.withheld > 0 || counts.pass + counts.known === 0 || outcomes.some(({ unstaged }) => unstaged)) return 'undecided'
  return 'conformant'
}
