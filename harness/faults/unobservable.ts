/** Faults that can't be seen from outside, by their ids (`*` for any run of characters), and why. */
export const unobservable: readonly { readonly faults: readonly string[]; readonly reason: string }[] = []
