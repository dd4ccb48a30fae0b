/** What waits, in the order in which it came. */
export type Fifo<T> = {
  push(item: T): void
  /** The one that has waited longest; undefined where none waits. */
  shift(): T | undefined
  /** All that wait; then none does. */
  drain(): T[]
}

/** Items that were taken and whose places are kept until there are as many. */
const kept = 1024

/** A queue whose `shift` takes the same time however many wait: that of an array moves all of them once there are some ten thousands. */
export function fifo<T>(): Fifo<T> {
  let items: (T | undefined)[] = []
  let first = 0
  return {
    push: (item) => void items.push(item),
    shift() {
      const item = items[first]
      if (first < items.length) items[first++] = undefined
      if (first >= kept && first * 2 >= items.length) {
        items = items.slice(first)
        first = 0
      }
      return item
    },
    drain() {
      const all = items.slice(first) as T[]
      items = []
      first = 0
      return all
    },
  }
}
