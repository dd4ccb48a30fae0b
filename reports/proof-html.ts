import type { Proof } from './proof.ts'

/** The page of a proof. */
export function formatProofPage(proof: Proof): string {
  return `<!doctype html><title>${proof.faults.length}</title>`
}
