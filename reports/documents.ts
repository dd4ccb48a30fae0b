import type { Requirement, Source } from '../harness/case/outcome.ts'
import { loadCatalogue } from '../harness/schema/load.ts'
import { findOperation, type Operation } from '../harness/schema/operations.ts'
import type { ApiVersion } from '../harness/versions.ts'
import { readStatements, sourceText, sourceUrl } from './sources.ts'

/** What the reports cite: the numbered statements, and the operations with their places in the reference. */
export type Documents = { readonly statements: ReadonlyMap<string, string>; readonly operations: readonly Operation[] }

/** A source with what it says and where it can be read. */
export type Citation = { readonly source: Source; readonly text?: string; readonly url: string }

/** Reads what the reports cite. @throws Error where the schemas are not as they should be */
export function readDocuments(): Documents {
  return { statements: readStatements(), operations: loadCatalogue().operations }
}

/**
 * The sources of a requirement.
 * @param version the one whose reference page is linked
 * @throws Error where the schemas have no such operation
 */
export function citationsOf(requirement: Requirement, version: ApiVersion, documents: Documents): Citation[] {
  const operation = findOperation(documents.operations, requirement.operation)
  return requirement.sources.map((source) => {
    const text = sourceText(source, documents.statements)
    return { source, url: sourceUrl(source, operation, version), ...(text !== undefined && { text }) }
  })
}
