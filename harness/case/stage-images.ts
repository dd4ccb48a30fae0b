import { imageArchive } from '../guest/archive.ts'
import type { Client } from '../wire/http.ts'
import { packTar, type TarInput } from '../wire/tar.ts'
import type { Api, Query } from './api.ts'
import { Blocked } from './errors.ts'
import { remove } from './remove.ts'

/** The label of images and of what hangs on them: its value tells one case's from another's of the same run. */
export const stageLabel = 'plimsoll.stage'

/** An image that the case made. */
export type StagedImage = {
  readonly id: string
  /** With its tag. */
  readonly name: string
}

/** What an image is loaded from. */
export type ImageOptions = {
  /** What its containers get, beside the labels. */
  readonly config?: { readonly [field: string]: unknown; readonly Labels?: Readonly<Record<string, string>> }
  /** The files of each layer, the lowest first; otherwise one layer that all such images share, for a daemon takes its time over a new one. */
  readonly layers?: readonly (readonly TarInput[])[]
  readonly created?: Date
  readonly osVersion?: string
}

/** What an image is built from. */
export type BuildOptions = {
  /** The guest image otherwise; `scratch` for none. */
  readonly from?: string
  /** What the context holds beside the Dockerfile. */
  readonly files?: readonly TarInput[]
  readonly query?: Query
}

/** Where a case makes images. */
export type ImageStage = {
  /** The labels that mark an image as this case's own, so that it and what hangs on it are found however the case ends. */
  imageLabels(): Readonly<Record<string, string>>
  /** The one of these labels that no other case has: a value of the filter `label`. */
  imageFilter(): string
  /** An image with a name of its own, loaded from an archive: with files, without a program. */
  image(options?: ImageOptions): Promise<StagedImage>
  /** An archive with such an image, for the case to load; the name that it will have. */
  imageArchive(options?: ImageOptions): Promise<{ readonly name: string; readonly archive: Buffer }>
  /** A Dockerfile: `FROM`, the labels, then the instructions. */
  dockerfile(instructions?: readonly string[], from?: string): string
  /** An image with a name of its own, built. */
  built(instructions?: readonly string[], options?: BuildOptions): Promise<StagedImage>
}

/** Makes the part of a case's stage that images come from. */
export function createImageStage(parts: {
  readonly api: Api
  readonly name: (hint?: string) => string
  readonly labels: Readonly<Record<string, string>>
  readonly guestImage: string
  /** Called when the first image may come to be. */
  readonly onUse: () => void
}): ImageStage {
  const { api, name, guestImage, onUse } = parts
  const withLabels = () => {
    onUse()
    return parts.labels
  }

  async function archiveOf(options: ImageOptions = {}): Promise<{ name: string; archive: Buffer }> {
    const reference = `${name('image')}:1`
    const { config = {}, layers = [[{ name: 'file', content: 'of the suite\n' }]], ...rest } = options
    const archive = await imageArchive([
      {
        ...rest,
        references: [reference],
        layers: await Promise.all(layers.map((files) => packTar(files))),
        config: { ...config, Labels: { ...config.Labels, ...withLabels() } },
        architecture: 'amd64',
        createdBy: `plimsoll ${reference}`,
      },
    ])
    return { name: reference, archive }
  }

  async function idOf(reference: string): Promise<string> {
    const answer = await api.get(`/images/${reference}/json`)
    const id: unknown = answer.status === 200 ? answer.at('Id') : undefined
    if (typeof id !== 'string') throw new Blocked(`an image was made, and could not be inspected: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
    return id
  }

  const dockerfile = (instructions: readonly string[] = [], from = guestImage) => {
    const pairs = Object.entries(withLabels()).map(([key, value]) => `${JSON.stringify(key)}=${JSON.stringify(value)}`)
    return [`FROM ${from}`, `LABEL ${pairs.join(' ')}`, ...instructions, ''].join('\n')
  }

  return {
    imageLabels: withLabels,
    imageFilter: () => `${stageLabel}=${withLabels()[stageLabel] ?? ''}`,
    imageArchive: archiveOf,
    dockerfile,
    async image(options) {
      const { name: reference, archive } = await archiveOf(options)
      const answer = await api.post('/images/load', { body: archive, headers: { 'Content-Type': 'application/x-tar' } })
      if (answer.status !== 200) throw new Blocked(`could not load an image: status ${answer.status}, ${answer.text.trim()}`, { exchange: answer.exchange })
      return { name: reference, id: await idOf(reference) }
    },
    async built(instructions, options = {}) {
      const reference = `${name('built')}:1`
      const context = await packTar([{ name: 'Dockerfile', content: dockerfile(instructions, options.from) }, ...(options.files ?? [])])
      const answer = await api.post('/build', { query: { ...uncached, t: reference, ...options.query }, body: context, headers: { 'Content-Type': 'application/x-tar' } })
      if (answer.status !== 200 || answer.text.includes('"errorDetail"')) {
        throw new Blocked(`could not build an image: status ${answer.status}, ${answer.text.trim().slice(-500)}`, { exchange: answer.exchange })
      }
      return { name: reference, id: await idOf(reference) }
    },
  }
}

/**
 * How cases build, unless the cache is what they are about: then from an image of their own. A daemon looks through all that is made of
 * the same image for what it has cached, and may stumble over one that another case removes at this moment.
 */
export const uncached = { nocache: 1 } as const

/** How often images are looked for again: removing one may bring its parents to light. */
const passes = 8

/**
 * Removes the containers and images that hang on a case's own images by their label: what a build made, whatever came of it.
 * @returns what could not be removed
 */
export async function removeLabelled(control: Client, kind: 'container' | 'image', mark: string): Promise<string[]> {
  let problems: string[] = []
  for (let pass = 0; pass < passes; pass += 1) {
    const found = await labelled(control, kind, mark)
    if (found.length === 0) return []
    problems = []
    // Newest first, as the list has them: an image goes before those that it is made of.
    for (const id of found) {
      const problem = await remove(control, kind, id)
      if (problem !== undefined) problems.push(problem)
    }
    if (problems.length === found.length) break
  }
  return problems
}

async function labelled(control: Client, kind: 'container' | 'image', mark: string): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`${stageLabel}=${mark}`] }))
  const answer = await control.request('GET', `/${kind}s/json?filters=${filters}${kind === 'container' ? '&all=1' : ''}`)
  const list: unknown = answer.status === 200 ? answer.json() : []
  // A daemon that does not heed the filter answers what is not ours.
  return (Array.isArray(list) ? list : []).flatMap((entry: { Id?: unknown; Labels?: Record<string, unknown> | null } | null) =>
    typeof entry?.Id === 'string' && entry.Labels?.[stageLabel] === mark ? [entry.Id] : [],
  )
}
