/**
 * A context with a Dockerfile (`FROM scratch`, `COPY hello /hello`) and the file `hello`, compressed as Node can't: made by
 * Python's `bz2.compress` and `lzma.compress` from one tar archive of 10240 bytes.
 */
export const compressed = {
  bzip2:
    'QlpoOTFBWSZTWVrwmTAAAIn/gsqQCABAAO+ADQLRKG9u3gAAAQgIIACSiE1AGgABoaANPUBJIRNMmjajRoG1AAPUnLxYPYapgAahJCI3eiJWEaLSsqEIYCzn1g9jHdqWQFAYESk8Q8vwtdcbVSQp' +
    'uHQffhPFeJZpWgTBSLYDWwlCx8OvuMmN+JFIxoHtwzAvXoZi+BxTM1iQfxdyRThQkFrwmTA=',
  xz:
    '/Td6WFoAAATm1rRGAgAhARYAAAB0L+Wj4Cf/AJZdACIbyGbcCWThplxBwkI3RQOJbBbt0m0mJQLsWM0eSCV9+MAj1P6FMXOpjhj1BMqSd8XbFTt6ZsNYdc4wZ59ehmQtD7YzQeSUAAmGmc+msq8T' +
    '37n8LJ22hgXfIJ/9s2N7+RtWQZOSO/aIKGLH5atQhUhZJcl2rDRw6Uv5F95ZNuSOHjMesKNPuNvSSzIXPFQkmKLedgVwAAAAAAwK4v0HROF8AAGyAYBQAACY19IoscRn+wIAAAAABFla',
} as const

/** What the file `hello` holds. */
export const hello = 'compressed\n'
