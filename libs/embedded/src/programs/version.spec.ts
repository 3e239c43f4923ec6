import { isAtLeast, parseVersion } from './version';

it.each([
  ['nats-server: v2.15.1\n', '2.15.1'],
  ['nats-server: v2.9.10', '2.9.10'],
  ['nats-server: v2.14.0-RC.1', '2.14.0'],
  ['prometheus, version 3.5.3+ds1 (branch: debian/sid, revision: 3.5.3+ds1-6)\n  go version:       go1.27.1\n', '3.5.3'],
  ['command not found', null],
  ['', null],
])('parseVersion(%j) is %p', (output, version) => {
  expect(parseVersion(output)).toBe(version);
});

it.each([
  ['2.14.0', true],
  ['2.15.1', true],
  ['3.0.0', true],
  ['2.9.10', false],
  ['2.13.99', false],
  ['1.99.0', false],
])('isAtLeast(%p, 2.14.0) is %p', (version, expected) => {
  expect(isAtLeast(version, '2.14.0')).toBe(expected);
});
