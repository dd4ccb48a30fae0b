import { jsonStream } from '../json-rewriters.ts'
import { alwaysParameter, answered, bodyOf, entries, json, member, parameter, pretends, status, type Crafted } from './define.ts'

const none = { status: 204, reason: 'No Content' }
const created = { status: 201, reason: 'Created' }
const listed = ({ values }: { readonly values: readonly unknown[] }) => Array.isArray(values[0])

/** Faults of images, builds, networks, volumes, and of the system. */
export const objectFaults: readonly Crafted[] = [
  { id: 'tag-pretended', operation: 'POST /images/{name}/tag', sentence: 'an image is said to have a name, and has not', touches: (seen) => seen.status === 201, wrong: pretends(created) },
  { id: 'image-delete-pretended', operation: 'DELETE /images/{name}', sentence: 'an image is said to be removed, and is not', touches: (seen) => seen.status === 200, wrong: pretends(answered(200, [{ Untagged: 'x:latest' }])) },
  { id: 'image-delete-untold', operation: 'DELETE /images/{name}', sentence: 'removal tells only of names', words: ['delet'], touches: listed, wrong: json(entries((entry) => ('Deleted' in entry ? undefined : entry))) },
  { id: 'image-delete-keeps-parents', operation: 'DELETE /images/{name}', sentence: 'parents without a name stay unasked', words: ['prune', 'parent'], wrong: alwaysParameter('noprune', '1') },
  { id: 'image-delete-forces-always', operation: 'DELETE /images/{name}', sentence: 'images that are in use are removed unasked', words: ['force', 'conflict', 'used'], wrong: alwaysParameter('force', '1') },
  { id: 'history-reversed', operation: 'GET /images/{name}/history', sentence: 'the history begins with its oldest layer', touches: listed, wrong: json((value) => (Array.isArray(value) ? value.toReversed() : value)) },
  { id: 'history-sizes-lost', operation: 'GET /images/{name}/history', sentence: 'layers have no size', words: ['size'], touches: listed, wrong: json(entries((entry) => ({ ...entry, Size: 0 }))) },
  { id: 'history-tags-lost', operation: 'GET /images/{name}/history', sentence: 'layers have no names', words: ['tag'], touches: listed, wrong: json(entries((entry) => ({ ...entry, Tags: null }))) },
  { id: 'image-inspect-tags-lost', operation: 'GET /images/{name}/json', since: '1.21', sentence: 'an image has no names', words: ['tag'], wrong: json(member('RepoTags', () => [])) },
  { id: 'image-inspect-size-zero', operation: 'GET /images/{name}/json', sentence: 'an image has no size', words: ['size'], wrong: json(member('Size', () => 0)) },
  { id: 'image-inspect-config-lost', operation: 'GET /images/{name}/json', sentence: 'an image has no command and no environment', words: ['config'], wrong: json(member('Config', (config) => ({ ...(config as object), Cmd: null, Env: null }))) },
  { id: 'commit-id-short', operation: 'POST /commit', sentence: 'the id of a committed image is cut short', wrong: json(member('Id', (id) => String(id).slice(0, 19)), 201) },
  { id: 'build-error-lost', operation: 'POST /build', sentence: 'a build that fails ends as if it had not', words: ['fail', 'error'], wrong: bodyOf(200, () => jsonStream((value) => ('error' in (value as object) ? { values: [] } : 'same'))) },
  { id: 'build-error-detail-lost', operation: 'POST /build', sentence: 'a build that fails tells no errorDetail', words: ['fail', 'error'], wrong: bodyOf(200, () => jsonStream((value) => ('errorDetail' in (value as object) ? { values: [{ error: (value as { error?: unknown }).error }] } : 'same'))) },
  { id: 'build-output-in-one', operation: 'POST /build', sentence: 'a build says nothing of its steps', words: ['step', 'stream'], wrong: bodyOf(200, () => jsonStream((value) => (/Step \d/.test(JSON.stringify(value)) ? { values: [] } : 'same'))) },
  { id: 'build-no-cache-ever', operation: 'POST /build', sentence: 'a build never uses what was built before', words: ['cache'], wrong: alwaysParameter('nocache', '1') },
  { id: 'build-keeps-containers', operation: 'POST /build', sentence: 'containers of a build stay', words: ['rm'], wrong: alwaysParameter('rm', '0') },
  { id: 'build-quiet-always', operation: 'POST /build', sentence: 'a build is quiet unasked', words: ['quiet', 'q'], wrong: alwaysParameter('q', '1') },
  { id: 'load-pretended', operation: 'POST /images/load', sentence: 'images are said to be loaded, and are not', touches: (seen) => seen.status === 200, wrong: pretends(answered(200, { stream: 'Loaded image: x\n' })) },
  { id: 'import-nothing', operation: 'POST /images/create', sentence: 'what is imported gets no name', words: ['import', 'repo'], touches: ({ query }) => query.has('repo'), wrong: parameter('repo', () => '') },
  { id: 'auth-accepts-all', operation: 'POST /auth', sentence: 'every password is right', touches: (seen) => (seen.status ?? 0) >= 400, wrong: pretends(answered(200, { Status: 'Login Succeeded', IdentityToken: '' })) },
  { id: 'push-error-lost', operation: 'POST /images/{name}/push', sentence: 'a push that fails ends as if it had not', words: ['fail', 'error', 'login', 'credentials'], wrong: bodyOf(200, () => jsonStream((value) => ('error' in (value as object) ? { values: [] } : 'same'))) },
  { id: 'network-delete-pretended', operation: 'DELETE /networks/{id}', sentence: 'a network is said to be removed, and is not', touches: (seen) => (seen.status ?? 500) < 300, wrong: pretends(none) },
  { id: 'network-connect-pretended', operation: 'POST /networks/{id}/connect', sentence: 'a container is said to be connected, and is not', touches: (seen) => seen.status === 200, wrong: pretends({ status: 200 }) },
  { id: 'network-disconnect-pretended', operation: 'POST /networks/{id}/disconnect', sentence: 'a container is said to be disconnected, and is not', touches: (seen) => seen.status === 200, wrong: pretends({ status: 200 }) },
  { id: 'network-inspect-containers-lost', operation: 'GET /networks/{id}', sentence: 'a network has no containers', words: ['container'], wrong: json(member('Containers', () => ({}))) },
  { id: 'network-inspect-ipam-lost', operation: 'GET /networks/{id}', sentence: 'a network has no addresses', words: ['ipam'], wrong: json(member('IPAM', member('Config', () => []))) },
  { id: 'volume-delete-in-use', operation: 'DELETE /volumes/{name}', sentence: 'a volume that is in use is said to be removed', words: ['use', 'conflict'], touches: (seen) => seen.status === 409, wrong: status(409, 204, 'No Content') },
  { id: 'volume-delete-pretended', operation: 'DELETE /volumes/{name}', sentence: 'a volume is said to be removed, and is not', touches: (seen) => seen.status === 204, wrong: pretends(none) },
  { id: 'volume-inspect-mountpoint-lost', operation: 'GET /volumes/{name}', sentence: 'a volume is mounted nowhere', words: ['mountpoint'], wrong: json(member('Mountpoint', () => '')) },
  { id: 'volume-labels-lost', operation: 'GET /volumes/{name}', since: '1.23', sentence: 'a volume has no labels', words: ['label'], wrong: json(member('Labels', () => null)) },
  { id: 'container-prune-untold', operation: 'POST /containers/prune', sentence: 'pruning tells nothing', wrong: json(member('ContainersDeleted', () => null)) },
  { id: 'volume-prune-space-zero', operation: 'POST /volumes/prune', sentence: 'pruning sets no space free', words: ['space'], wrong: json(member('SpaceReclaimed', () => 0)) },
  { id: 'network-prune-pretended', operation: 'POST /networks/prune', sentence: 'pruning names a network that stays', wrong: pretends(answered(200, { NetworksDeleted: [] })) },
]
