import { isPublicAddress } from './address';
import { parseLocation } from './location';
import { judgeAddresses, judgeLocation, judgeRealPath } from './reach';

const nothing = { paths: [], hosts: [] };
const some = { paths: ['/srv/git'], hosts: ['git.intern', '*.lan', '10.1.2.3', '[fd00::5]'] };

it.each([
  // Hosts as addresses, in every form that somebody on the way may read as one.
  ['https://93.184.216.34/r', 'allowed'],
  ['https://[2606:4700::1111]/r', 'allowed'],
  ['https://127.0.0.1/r', 'refused'],
  ['https://127.1/r', 'refused'],
  ['https://2130706433/r', 'refused'],
  ['https://0x7f000001/r', 'refused'],
  ['https://0177.0.0.1/r', 'refused'],
  ['https://0/r', 'refused'],
  ['http://10.0.0.8/r', 'refused'],
  ['http://172.16.3.4/r', 'refused'],
  ['http://192.168.1.1/r', 'refused'],
  ['http://100.64.0.1/r', 'refused'],
  ['http://169.254.169.254/latest/meta-data', 'refused'],
  ['http://224.0.0.1/r', 'refused'],
  ['https://127.0.0.1./r', 'refused'],
  ['https://127。0。0。1/r', 'refused'],
  ['https://[::1]/r', 'refused'],
  ['https://[::]/r', 'refused'],
  ['https://[::ffff:127.0.0.1]/r', 'refused'],
  ['https://[::ffff:7f00:1]/r', 'refused'],
  ['https://[::127.0.0.1]/r', 'refused'],
  ['https://[64:ff9b::a9fe:a9fe]/r', 'refused'],
  ['https://[2002:7f00:1::]/r', 'refused'],
  ['https://[2001:db8::1]/r', 'refused'],
  ['https://[fe80::1]/r', 'refused'],
  ['https://[fd00::1]/r', 'refused'],
  ['https://[ff02::1]/r', 'refused'],
  // ssh and git leave the host as it was written.
  ['ssh://git@2130706433/r', 'refused'],
  ['ssh://git@0x7f.1/r', 'refused'],
  ['ssh://git@017700000001/r', 'refused'],
  ['ssh://git@127%2e0.0.1/r', 'refused'],
  ['git://10.0.0.8/r', 'refused'],
  ['git@127.0.0.1:r.git', 'refused'],
  ['git@[::1]:r.git', 'refused'],
  ['2130706433:r.git', 'refused'],
  ['git@93.184.216.34:r.git', 'allowed'],
  // Names have to be looked up.
  ['https://example.org/r', 'look example.org'],
  ['https://EXAMPLE.org./r', 'look example.org'],
  ['https://localhost/r', 'look localhost'],
  ['git@example.org:r.git', 'look example.org'],
  // This machine's folders, however they are written.
  ['/srv/git/r', 'refused'],
  ['file:///srv/git/r', 'refused'],
  ['/etc', 'refused'],
])('%s from afar: %s', (given, expected) => {
  const judged = judgeLocation(parseLocation(given), nothing);
  expect(judged.state === 'look' ? `look ${judged.name}` : judged.state).toBe(expected);
});

it.each([
  ['https://git.intern/r', 'allowed'],
  ['ssh://git@git.intern:2222/r', 'allowed'],
  ['https://a.lan/r', 'allowed'],
  ['https://lan/r', 'look lan'],
  ['https://evil-lan/r', 'look evil-lan'],
  ['https://10.1.2.3/r', 'allowed'],
  ['https://10.1.2.4/r', 'refused'],
  ['https://[fd00::5]/r', 'allowed'],
  ['/srv/git/team/r', 'look /srv/git/team/r'],
  ['/srv/git/../../etc', 'refused'],
  ['file:///srv/git/%2e%2e/secret', 'refused'],
  ['/srv/gitother/r', 'refused'],
])('%s, where some hosts and folders are listed: %s', (given, expected) => {
  const judged = judgeLocation(parseLocation(given), some);
  expect(judged.state === 'look' ? `look ${judged.name}` : judged.state).toBe(expected);
});

it('believes a name only when every address of it is public, and a path by where it really is', () => {
  expect([['93.184.216.34'], ['93.184.216.34', '127.0.0.1'], ['::ffff:10.0.0.1'], []].map((addresses) => judgeAddresses(addresses).state)).toEqual(['allowed', 'refused', 'refused', 'refused']);
  expect(['/srv/git/r', '/srv/git', '/etc/r'].map((path) => judgeRealPath(path, some).state)).toEqual(['allowed', 'allowed', 'refused']);
});

it.each(['example.org', '1.2.3.4.5', '256.1.1.1', '1.2.3.256', '1:2', ':::', '1::2::3', '12345::', ''])('%p is no public address', (text) => {
  expect(isPublicAddress(text)).toBe(false);
});
