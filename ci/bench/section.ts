/** What a section of the benchmark found: lines for people, and the targets that were missed. */
export type Section = { readonly lines: readonly string[]; readonly missed: readonly string[] }

/** Seconds of this thread's processor so far: for work without waiting, where the clock on the wall says how busy the machine is. */
export function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1e6
}
