/** What tells on a daemon which objects this suite made, and in which run. */

/** The label whose value is the id of the run that an object belongs to. */
export const runLabel = 'plimsoll.run'
/** The label that names the case. */
export const caseLabel = 'plimsoll.case'
/** How the name of everything begins that this suite makes; the run's id follows. */
export const namePrefix = 'plimsoll-'
