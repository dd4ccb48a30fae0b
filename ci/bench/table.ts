/** What a section of the benchmark found: lines for people, and the targets that were missed. */
export type Section = { readonly lines: readonly string[]; readonly missed: readonly string[] }

/**
 * A plain table: the first column to the left, the others to the right.
 * @param rows the head first
 */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) => row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd())
}

/** Seconds of this thread's processor so far: for work without waiting, where the clock on the wall says how busy the machine is. */
export function cpuSeconds(): number {
  const { user, system } = process.threadCpuUsage?.() ?? process.cpuUsage()
  return (user + system) / 1e6
}
