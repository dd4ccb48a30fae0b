import { describe, expect, test } from 'vitest'
import { CouldNotRun } from './exit.ts'
import { matrixImages } from './matrix-images.ts'

describe('matrixImages', () => {
  test('gives each image a folder of its own', () => {
    expect(matrixImages(['docker:28-dind', 'quay.io/podman/stable', 'example.org:5000/d@sha256:0f', '../up'], [])).toEqual([
      { image: 'docker:28-dind', name: 'docker-28-dind' },
      { image: 'quay.io/podman/stable', name: 'quay.io-podman-stable' },
      { image: 'example.org:5000/d@sha256:0f', name: 'example.org-5000-d-sha256-0f' },
      { image: '../up', name: 'up' },
    ])
  })

  test('gives each its list of known failings, by its image or its folder; the last one counts', () => {
    const lists = ['docker:28-dind=a.yaml', 'docker-27-dind=none', 'docker-28-dind=folder/b=c.yaml']
    expect(matrixImages(['docker:27-dind', 'docker:28-dind', 'docker:29-dind'], lists).map(({ knownFailing }) => knownFailing)).toEqual(['none', 'folder/b=c.yaml', undefined])
  })

  test.each<[images: string[], lists: string[], complaint: string]>([
    [['docker:dind', 'docker:dind'], [], '--image docker:dind is given twice'],
    [['a:b', 'a-b'], [], 'the reports of a:b and a-b would both lie in the folder a-b'],
    [['..'], [], '--image ".." is no name of an image'],
    [['docker:dind'], ['known.yaml'], '--known-failing known.yaml: write NAME=FILE'],
    [['docker:dind'], ['docker:dind='], 'write NAME=FILE'],
    [['docker:dind'], ['podman=known.yaml'], 'there is no --image podman; there are docker:dind'],
  ])('refuses %j with lists %j', (images, lists, complaint) => {
    expect(() => matrixImages(images, lists)).toThrow(CouldNotRun)
    expect(() => matrixImages(images, lists)).toThrow(complaint)
  })
})
