import { CouldNotRun } from './exit.ts'

/** An image whose daemon is to be judged. */
export type MatrixImage = {
  readonly image: string
  /** What its folder is called: the image, in letters that are good for a file. */
  readonly name: string
  /** What `--known-failing` says for it: a file, or "none". */
  readonly knownFailing?: string
}

/**
 * The images that the options name.
 * @param lists known failings, each as NAME=FILE, where NAME is an image or its folder
 * @throws CouldNotRun where one is named twice, or a list is for none of them
 */
export function matrixImages(images: readonly string[], lists: readonly string[]): MatrixImage[] {
  const named = images.map((image) => ({ image, name: folderName(image) }))
  for (const [index, { image, name }] of named.entries()) {
    const before = named.slice(0, index).find((other) => other.name === name)
    if (before?.image === image) throw new CouldNotRun(`--image ${image} is given twice`)
    if (before !== undefined) throw new CouldNotRun(`--image: the reports of ${before.image} and ${image} would both lie in the folder ${name}: judge one of them by "plimsoll run --start"`)
  }
  const given = lists.map((list) => readList(list, named))
  return named.map(({ image, name }) => {
    const file = given.filter((each) => each.image === image).at(-1)?.file
    return { image, name, ...(file !== undefined && { knownFailing: file }) }
  })
}

function readList(list: string, named: readonly { readonly image: string; readonly name: string }[]): { readonly image: string; readonly file: string } {
  const [, whose = '', file = ''] = /^([^=]+)=(.+)$/.exec(list) ?? []
  if (file === '') throw new CouldNotRun(`--known-failing ${list}: write NAME=FILE, the image that the list is for and the file (or "none")`)
  const image = named.find((each) => each.image === whose || each.name === whose)?.image
  if (image === undefined) throw new CouldNotRun(`--known-failing ${list}: there is no --image ${whose}; there are ${named.map((each) => each.image).join(', ')}`)
  return { image, file }
}

function folderName(image: string): string {
  const name = image.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[.-]+/, '')
  if (name === '') throw new CouldNotRun(`--image "${image}" is no name of an image`)
  return name
}
