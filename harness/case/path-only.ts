/** A request's path without its query. */
export function pathOnly(path: string): string {
  return path.split('?', 1)[0] ?? path
}
