import { quoted, TarError } from './tar-error.ts'

/** The records of a PAX extended header, by their keywords. */
export type PaxRecords = Readonly<Record<string, string>>

/** Records whose values are bytes of any kind: what other tars keep of extended attributes. */
const binaryKeyword = /^(SCHILY\.xattr\.|LIBARCHIVE\.xattr\.)/

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads the body of an extended header: records of the form `<length> <keyword>=<value>\n`, where the length counts the whole
 * record, as "pax Extended Header" of POSIX.1-2001 has it. Keyword and value are UTF-8, and no keyword comes twice.
 * @param offset where the body begins in the archive
 * @throws TarError
 */
export function parsePax(body: Buffer, offset: number): PaxRecords {
  const records = new Map<string, string>()
  for (let at = 0; at < body.byteLength; ) {
    const fail = (message: string): never => {
      throw new TarError(message, { offset: offset + at })
    }
    const blank = body.subarray(at, at + 12).indexOf(0x20)
    const digits = body.toString('latin1', at, at + Math.max(0, blank))
    if (!/^[1-9][0-9]*$/.test(digits)) return fail('a PAX record does not begin with its length')
    const end = at + Number(digits)
    if (end > body.byteLength) return fail(`a PAX record says that it has ${digits} bytes, and the header ends before`)
    const equals = body.indexOf(0x3d, at + blank + 1)
    if (equals === -1 || equals >= end) return fail('a PAX record has no "="')
    if (body[end - 1] !== 0x0a) return fail(`a PAX record of ${digits} bytes does not end in a newline there`)
    const keyword = body.toString('latin1', at + blank + 1, equals)
    const value = body.subarray(equals + 1, end - 1)
    if (keyword === '') return fail('a PAX record has no keyword')
    if (records.has(keyword)) return fail(`the PAX record ${quoted(keyword)} comes twice`)
    records.set(keyword, binaryKeyword.test(keyword) ? value.toString('latin1') : textOf(value, keyword, offset + at))
    at = end
  }
  return Object.fromEntries(records)
}

function textOf(value: Buffer, keyword: string, offset: number): string {
  let text: string
  try {
    text = utf8.decode(value)
  } catch (error) {
    throw new TarError(`the PAX record ${quoted(keyword)} is no UTF-8`, { offset, cause: error })
  }
  if (text.includes('\0')) throw new TarError(`the PAX record ${quoted(keyword)} holds a zero`, { offset })
  return text
}

/**
 * A number of a PAX record: decimal, for times with a fraction and a sign.
 * @returns undefined where there is no such record
 * @throws TarError
 */
export function paxNumber(records: PaxRecords, keyword: string, kind: 'whole' | 'time', offset: number): number | undefined {
  const text = Object.hasOwn(records, keyword) ? records[keyword] : undefined
  if (text === undefined) return undefined
  const value = Number(text)
  if (!(kind === 'whole' ? /^[0-9]{1,16}$/ : /^-?[0-9]{1,15}(\.[0-9]+)?$/).test(text) || Math.abs(value) > Number.MAX_SAFE_INTEGER) {
    throw new TarError(`the PAX record ${quoted(keyword)} is ${quoted(text)}, which is no number for it`, { offset })
  }
  return value
}
