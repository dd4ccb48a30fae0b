import { Ajv2020 } from 'ajv/dist/2020.js'
import { isRecord } from './load.ts'

/**
 * A check of values against a JSON Schema of our own.
 * @param open takes members that the schema does not name, as a reader of a format that may grow has to
 * @returns a function that says what is wrong with a value, and undefined where nothing is
 */
export function compileSchema(schema: object, { open = false } = {}): (value: unknown) => string | undefined {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
  const validate = ajv.compile(open ? (opened(schema) as object) : schema)
  return (value) => (validate(value) ? undefined : ajv.errorsText(validate.errors, { dataVar: 'it' }))
}

function opened(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(opened)
  if (!isRecord(schema)) return schema
  return Object.fromEntries(Object.entries(schema).flatMap(([name, value]) => (name === 'additionalProperties' && value === false ? [] : [[name, opened(value)]])))
}
