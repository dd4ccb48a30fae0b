import { alwaysParameter, entries, json, member, parameter, type Crafted } from './define.ts'
import { firstKeyOnly, firstValueOnly, severalKeys, severalValues } from './events.ts'

const containers = 'GET /containers/json'
const images = 'GET /images/json'
const volumes = 'GET /volumes'
const networks = 'GET /networks'

const listing = ({ values }: { readonly values: readonly unknown[] }) => Array.isArray(values[0]) && values[0].length > 0
const reversed = (value: unknown) => (Array.isArray(value) && value.length > 1 ? value.toReversed() : value)
const field = (name: string, change: (value: unknown) => unknown) => json(entries((entry) => member(name, change)(entry)))
const inverted = (name: string) => (text: string) => (text.includes(`"${name}"`) ? text.replace(/true|false|"1"|"0"/g, (value) => ({ true: 'false', false: 'true', '"1"': '"0"' })[value] ?? '"1"') : undefined)

const filters = (word: string, operation: string): Crafted[] => [
  { id: `${word}-list-first-filter-only`, operation, sentence: 'of several filters only the first counts', words: ['filter'], touches: ({ query }) => severalKeys(query.get('filters')), wrong: parameter('filters', firstKeyOnly) },
  { id: `${word}-list-first-value-only`, operation, sentence: 'of several values of a filter only the first counts', words: ['filter', 'label'], touches: ({ query }) => severalValues(query.get('filters')), wrong: parameter('filters', firstValueOnly) },
]

/** Faults of lists. */
export const listFaults: readonly Crafted[] = [
  ...filters('container', containers),
  { id: 'container-list-limit-one-more', operation: containers, sentence: 'limit gives one more', words: ['limit'], touches: ({ query }) => query.has('limit'), wrong: parameter('limit', (value) => String(Number(value) + 1)) },
  { id: 'container-list-order', operation: containers, sentence: 'containers are listed the other way round', words: ['order', 'limit'], touches: listing, wrong: json(reversed) },
  { id: 'container-list-all-always', operation: containers, sentence: 'containers that are stopped are always in the list', words: ['all', 'running'], wrong: alwaysParameter('all', '1') },
  { id: 'container-list-size-always', operation: containers, sentence: 'sizes are always in the list', words: ['size'], wrong: alwaysParameter('size', '1') },
  { id: 'container-list-names-bare', operation: containers, sentence: 'names are listed without their slash', words: ['name'], touches: listing, wrong: field('Names', (names) => (Array.isArray(names) ? names.map((name) => String(name).replace(/^\//, '')) : names)) },
  { id: 'container-list-milliseconds', operation: containers, sentence: 'Created counts milliseconds', words: ['created'], touches: listing, wrong: field('Created', (created) => Number(created) * 1000) },
  { id: 'container-list-short-ids', operation: containers, sentence: 'ids are listed cut short', touches: listing, wrong: field('Id', (id) => String(id).slice(0, 12)) },
  { id: 'container-list-command-cut', operation: containers, sentence: 'commands are listed cut short', words: ['command'], touches: listing, wrong: field('Command', (command) => String(command).slice(0, 3)) },
  { id: 'container-list-labels-lost', operation: containers, sentence: 'labels are listed empty', words: ['label'], touches: listing, wrong: field('Labels', () => ({})) },
  { id: 'container-list-state-stale', operation: containers, since: '1.23', sentence: 'every container is listed as running', words: ['state'], touches: listing, wrong: field('State', () => 'running') },
  { id: 'container-list-status-stale', operation: containers, sentence: 'every container is listed as up', words: ['status'], touches: listing, wrong: field('Status', () => 'Up 2 seconds') },
  { id: 'container-list-image-id', operation: containers, since: '1.21', sentence: 'ImageID is the id of another image', words: ['image'], touches: listing, wrong: field('ImageID', () => `sha256:${'0'.repeat(64)}`) },
  { id: 'container-list-null', operation: containers, sentence: 'an empty list is null', words: ['empty', 'none', 'filter', 'limit'], touches: ({ values }) => Array.isArray(values[0]) && values[0].length === 0, wrong: json((value) => (Array.isArray(value) && value.length === 0 ? null : value)) },
  ...filters('image', images),
  { id: 'image-list-dangling-inverted', operation: images, sentence: 'the filter dangling selects what has a name', words: ['dangling'], touches: ({ query }) => (query.get('filters') ?? '').includes('dangling'), wrong: parameter('filters', inverted('dangling')) },
  { id: 'image-list-all-always', operation: images, sentence: 'images between are always in the list', words: ['all', 'intermediate'], wrong: alwaysParameter('all', '1') },
  { id: 'image-list-tags-lost', operation: images, sentence: 'images are listed without their names', words: ['tag', 'name'], touches: listing, wrong: field('RepoTags', () => ['<none>:<none>']) },
  { id: 'image-list-labels-lost', operation: images, since: '1.19', sentence: 'images are listed without their labels', words: ['label'], touches: listing, wrong: field('Labels', () => null) },
  { id: 'image-list-size-zero', operation: images, sentence: 'images are listed without a size', words: ['size'], touches: listing, wrong: field('Size', () => 0) },
  { id: 'image-list-parent-lost', operation: images, sentence: 'images are listed without their parent', words: ['parent'], touches: listing, wrong: field('ParentId', () => '') },
  ...filters('volume', volumes),
  { id: 'volume-list-dangling-inverted', operation: volumes, sentence: 'the filter dangling selects what is in use', words: ['dangling'], touches: ({ query }) => (query.get('filters') ?? '').includes('dangling'), wrong: parameter('filters', inverted('dangling')) },
  { id: 'volume-list-incomplete', operation: volumes, sentence: 'the last volume is not listed', wrong: json(member('Volumes', (list) => (Array.isArray(list) ? list.slice(0, -1) : list))) },
  ...filters('network', networks),
  { id: 'network-list-types-swapped', operation: networks, sentence: 'the filter type takes custom for builtin', words: ['type'], touches: ({ query }) => (query.get('filters') ?? '').includes('type'), wrong: parameter('filters', (text) => (/custom|builtin/.test(text) ? text.replace(/custom|builtin/g, (type) => (type === 'custom' ? 'builtin' : 'custom')) : undefined)) },
  { id: 'network-list-builtin-lost', operation: networks, sentence: 'the networks bridge, host and none are not listed', words: ['builtin', 'predefined'], wrong: json(entries((entry) => (['bridge', 'host', 'none'].includes(String(entry.Name)) ? undefined : entry))) },
]
