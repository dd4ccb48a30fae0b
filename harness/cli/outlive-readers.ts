/**
 * Lets a run go on where nobody reads what it prints any more, as in `plimsoll run | head`: it still cleans up, writes its reports and ends with
 * the code of its verdict. Without it, Node ends at the next line with 1, which is what "nonconformant" ends with.
 * Takes the streams that are printed to; any other error of them is thrown.
 */
export function outliveReaders(...streams: readonly NodeJS.WriteStream[]): void {
  for (const stream of streams) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
}
