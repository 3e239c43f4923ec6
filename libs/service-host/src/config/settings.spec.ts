import { bytes, duration, flag, integer, networks, oneOf, port, ratio, REFUSED, secret, text, url } from './settings';

const nats = url('X', 'what it is for', { protocols: ['nats', 'tls'], several: true, example: 'nats://127.0.0.1:4222' });
const database = url('X', 'what it is for', { protocols: ['postgres'], secret: true, example: 'postgres://role:password@127.0.0.1:5432/granary' });

describe('a setting', () => {
  it.each([
    [text('X', 'what it is for'), 'any text', 'any text'],
    [secret('X', 'what it is for'), 's3cr3t', 's3cr3t'],
    [integer('X', 'what it is for'), '12', 12],
    [integer('X', 'what it is for', { min: -5 }), '-5', -5],
    [ratio('X', 'what it is for'), '0.25', 0.25],
    [ratio('X', 'what it is for'), '.5', 0.5],
    [ratio('X', 'what it is for'), '1', 1],
    [port('X', 'what it is for'), '0', 0],
    [port('X', 'what it is for'), '65535', 65_535],
    [oneOf('X', 'what it is for', ['a', 'b']), 'b', 'b'],
    [flag('X', 'what it is for'), 'true', true],
    [flag('X', 'what it is for'), 'false', false],
    [nats, 'nats://a:4222,tls://b', 'nats://a:4222,tls://b'],
    [database, 'postgres://u:p@h:5432/d', 'postgres://u:p@h:5432/d'],
    [duration('X', 'what it is for'), '250ms', 250],
    [duration('X', 'what it is for'), '30 s', 30_000],
    [duration('X', 'what it is for'), '1.5h', 5_400_000],
    [duration('X', 'what it is for'), '7d', 604_800_000],
    [bytes('X', 'what it is for'), '500MB', 500_000_000],
    [bytes('X', 'what it is for'), '512MiB', 536_870_912],
    [bytes('X', 'what it is for'), '0B', 0],
    [networks('X', 'what it is for'), '', []],
    [networks('X', 'what it is for'), '10.0.0.0/8, ::1,fd00::/8', ['10.0.0.0/8', '::1', 'fd00::/8']],
  ])('%# reads %p %p', (setting, raw, value) => {
    expect(setting.read(raw)).toEqual(value);
  });

  it.each([
    [integer('X', 'what it is for'), '1.5'],
    [integer('X', 'what it is for'), '0x10'],
    [integer('X', 'what it is for', { min: 2, max: 4 }), '5'],
    [integer('X', 'what it is for', { min: 2 }), '1'],
    [ratio('X', 'what it is for'), '1.01'],
    [ratio('X', 'what it is for'), '50%'],
    [port('X', 'what it is for'), '65536'],
    [port('X', 'what it is for'), '-1'],
    [oneOf('X', 'what it is for', ['a', 'b']), 'A'],
    [flag('X', 'what it is for'), 'yes'],
    [nats, 'nats://a,http://b'],
    [nats, '127.0.0.1:4222'],
    [nats, 'nats://a,'],
    [networks('X', 'what it is for'), '10.0.0.0/33'],
    [networks('X', 'what it is for'), '10.0.0'],
    [networks('X', 'what it is for'), '10.0.0.256'],
    [networks('X', 'what it is for'), '10.0.0.1.'],
    [networks('X', 'what it is for'), '1::2::3'],
    [networks('X', 'what it is for'), '::1/129'],
    [networks('X', 'what it is for'), 'fe80::1%eth0'],
    [networks('X', 'what it is for'), 'proxy.example'],
    [duration('X', 'what it is for'), '30'],
    [duration('X', 'what it is for'), '30 seconds'],
    [duration('X', 'what it is for'), '-1s'],
    [duration('X', 'what it is for', { min: '1s', max: '1m' }), '61s'],
    [bytes('X', 'what it is for'), '5 apples'],
    [bytes('X', 'what it is for'), '5mb'],
  ])('%# refuses %p %p', (setting, raw) => {
    expect(setting.read(raw)).toBe(REFUSED);
  });

  it('says what it allows', () => {
    expect(integer('X', 'what it is for', { min: 1, max: 9 }).allowed).toBe('a whole number from 1 to 9');
    expect(integer('X', 'what it is for', { min: 1 }).allowed).toBe('a whole number, at least 1');
    expect(integer('X', 'what it is for', { max: 9 }).allowed).toBe('a whole number, at most 9');
    expect(oneOf('X', 'what it is for', ['a', 'b']).allowed).toBe('one of a, b');
    expect(nats.allowed).toBe('one or more URLs, separated by commas, that begin with nats:// or tls://, such as nats://127.0.0.1:4222');
    expect(database.allowed).toBe('a URL that begins with postgres://, such as postgres://role:password@127.0.0.1:5432/granary');
  });

  it('shows a refused value without credentials, and a secret one not at all', () => {
    expect(nats.describe('http://u:s3cr3t@h')).toBe("is 'http://h'");
    expect(database.describe('mysql://u:s3cr3t@h')).toBe('has a value that is not shown here');
    expect(secret('X', 'what it is for').describe('s3cr3t')).toBe('has a value that is not shown here');
  });

  it('keeps for the reference what it is for, and its default as it would be written', () => {
    expect([duration('X', 'how long', { default: '30s' }), text('X', 'whose')].map(({ about, fallback }) => [about, fallback])).toEqual([['how long', '30s'], ['whose', null]]);
  });

  it('reads its default as if it stood in the environment, and refuses a wrong one at once', () => {
    expect(duration('X', 'what it is for', { default: '30s' }).absent).toEqual({ value: 30_000 });
    expect(flag('X', 'what it is for', { default: 'false' }).absent).toEqual({ value: false });
    expect(text('X', 'what it is for', { optional: true }).absent).toEqual({ value: undefined });
    expect(text('X', 'what it is for').absent).toBeNull();
    expect(() => integer('X', 'what it is for', { default: 5, max: 4 })).toThrow(new TypeError("X has the default '5', which it would refuse"));
  });
});
