import { expect, test } from 'vitest'
import { daemonCommand } from './daemon-command.ts'

test.each(['quay.io/podman/stable', 'quay.io/podman/stable:v5.4', 'podman', 'example.org:5000/podman:5', 'example.org/podman@sha256:00'])('%s is told to serve', (image) => {
  expect(daemonCommand(image, 2375)).toEqual(['podman', 'system', 'service', '--time=0', 'tcp://0.0.0.0:2375'])
})

test.each(['docker:28-dind', 'podman-exporter', 'example.org/docker-podman:1', 'docker:podman'])('%s has a command of its own', (image) => {
  expect(daemonCommand(image, 2375)).toBeUndefined()
})
