import { passingCapability, serverUser, setprivArguments } from './server-user';

const nobody = 'nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin';
const postgres = 'postgres:x:101:104::/var/lib/postgresql:/bin/bash';

it.each([
  [`root:x:0:0::/root:/bin/bash\n${nobody}\n${postgres}\n`, { name: 'postgres', uid: 101, gid: 104 }],
  [`root:x:0:0::/root:/bin/bash\n${nobody}\n`, { name: 'nobody', uid: 65534, gid: 65534 }],
  ['root:x:0:0::/root:/bin/bash\npostgres:x:0:0::/:/bin/sh\n', null],
  ['', null],
])('chooses a user that is not root', (passwd, user) => {
  expect(serverUser(passwd)).toEqual(user);
});

it.each([
  ['a machine', 'CapBnd:\t000001ffffffffff', 'dac_read_search'],
  ['a container', 'CapBnd:\t00000000a80425fb', 'dac_override'],
  ['a restricted container', 'CapBnd:\t0000000000000000', null],
  ['a system without capabilities', '', null],
])('on %s', (_, status, capability) => {
  expect(passingCapability(status)).toBe(capability);
});

it('hands on one capability and nothing else', () => {
  expect(setprivArguments({ name: 'postgres', uid: 101, gid: 104 }, 'dac_read_search')).toEqual([
    '--reuid=101',
    '--regid=104',
    '--clear-groups',
    '--inh-caps=+dac_read_search',
    '--ambient-caps=+dac_read_search',
    '--securebits=+no_setuid_fixup',
    '--',
  ]);
});
