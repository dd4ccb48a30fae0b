/** Bytes that are no whole tar archive. */
export class TarError extends Error {
  /** Of the block or field at fault, counted from the start of the archive. */
  readonly offset: number

  constructor(message: string, options: { readonly offset: number; readonly cause?: unknown }) {
    super(`${message} (at byte ${options.offset} of the archive)`, { cause: options.cause })
    this.name = 'TarError'
    this.offset = options.offset
  }
}

const maxQuoted = 200

/** What an archive says, for a message: a name may have a mebibyte. */
export function quoted(text: string): string {
  return text.length <= maxQuoted ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, maxQuoted))}… (${text.length} characters)`
}
