/** What JSON is punctuated with (RFC 8259, section 2): the same numbers in bytes of UTF-8 and in the code units of a text. */
export const quote = 0x22
export const backslash = 0x5c
export const openBrace = 0x7b
export const openBracket = 0x5b
export const closeBrace = 0x7d
export const closeBracket = 0x5d
