import { expect, test } from 'vitest'
import { addressesOf, defaultGateway } from './printed.ts'

test('the addresses of all interfaces but the loopback', () => {
  const printed = 'eth0 02:42:ac:11:00:02 172.17.0.2/16\neth1 02:42:ac:12:00:02 172.18.0.2/16,fd00::1/64,fe80::1/64\nlo 00:00:00:00:00:00 127.0.0.1/8\ntunl0 00:00 \n'
  expect(addressesOf(printed)).toEqual(['172.17.0.2/16', '172.18.0.2/16', 'fd00::1/64'])
  expect(addressesOf('')).toEqual([])
})

test('the gateway of the default route', () => {
  const head = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\n'
  expect(defaultGateway(`${head}eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\neth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\n`)).toBe('172.17.0.1')
  expect(defaultGateway(`${head}eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\n`)).toBeUndefined()
})
