import { bytes, duration, flag, integer, networks, oneOf, port, ratio, REFUSED, secret, text, url } from './settings';

const nats = url('X', { protocols: ['nats', 'tls'], several: true, example: 'nats://127.0.0.1:4222' });
const database = url('X', { protocols: ['postgres'], secret: true, example: 'postgres://role:password@127.0.0.1:5432/granary' });

describe('a setting', () => {
  it.each([
    [text('X'), 'any text', 'any text'],
    [secret('X'), 's3cr3t', 's3cr3t'],
    [integer('X'), '12', 12],
    [integer('X', { min: -5 }), '-5', -5],
    [ratio('X'), '0.25', 0.25],
    [ratio('X'), '.5', 0.5],
    [ratio('X'), '1', 1],
    [port('X'), '0', 0],
    [port('X'), '65535', 65_535],
    [oneOf('X', ['a', 'b']), 'b', 'b'],
    [flag('X'), 'true', true],
    [flag('X'), 'false', false],
    [nats, 'nats://a:4222,tls://b', 'nats://a:4222,tls://b'],
    [database, 'postgres://u:p@h:5432/d', 'postgres://u:p@h:5432/d'],
    [duration('X'), '250ms', 250],
    [duration('X'), '30 s', 30_000],
    [duration('X'), '1.5h', 5_400_000],
    [duration('X'), '7d', 604_800_000],
    [bytes('X'), '500MB', 500_000_000],
    [bytes('X'), '512MiB', 536_870_912],
    [bytes('X'), '0B', 0],
    [networks('X'), '', []],
    [networks('X'), '10.0.0.0/8, ::1,fd00::/8', ['10.0.0.0/8', '::1', 'fd00::/8']],
  ])('%# reads %p %p', (setting, raw, value) => {
    expect(setting.read(raw)).toEqual(value);
  });

  it.each([
    [integer('X'), '1.5'],
    [integer('X'), '0x10'],
    [integer('X', { min: 2, max: 4 }), '5'],
    [integer('X', { min: 2 }), '1'],
    [ratio('X'), '1.01'],
    [ratio('X'), '50%'],
    [port('X'), '65536'],
    [port('X'), '-1'],
    [oneOf('X', ['a', 'b']), 'A'],
    [flag('X'), 'yes'],
    [nats, 'nats://a,http://b'],
    [nats, '127.0.0.1:4222'],
    [nats, 'nats://a,'],
    [networks('X'), '10.0.0.0/33'],
    [networks('X'), '10.0.0'],
    [networks('X'), '10.0.0.256'],
    [networks('X'), '10.0.0.1.'],
    [networks('X'), '1::2::3'],
    [networks('X'), '::1/129'],
    [networks('X'), 'fe80::1%eth0'],
    [networks('X'), 'proxy.example'],
    [duration('X'), '30'],
    [duration('X'), '30 seconds'],
    [duration('X'), '-1s'],
    [duration('X', { min: '1s', max: '1m' }), '61s'],
    [bytes('X'), '5 apples'],
    [bytes('X'), '5mb'],
  ])('%# refuses %p %p', (setting, raw) => {
    expect(setting.read(raw)).toBe(REFUSED);
  });

  it('says what it allows', () => {
    expect(integer('X', { min: 1, max: 9 }).allowed).toBe('a whole number from 1 to 9');
    expect(integer('X', { min: 1 }).allowed).toBe('a whole number, at least 1');
    expect(integer('X', { max: 9 }).allowed).toBe('a whole number, at most 9');
    expect(oneOf('X', ['a', 'b']).allowed).toBe('one of a, b');
    expect(nats.allowed).toBe('one or more URLs, separated by commas, that begin with nats:// or tls://, such as nats://127.0.0.1:4222');
    expect(database.allowed).toBe('a URL that begins with postgres://, such as postgres://role:password@127.0.0.1:5432/granary');
  });

  it('shows a refused value without credentials, and a secret one not at all', () => {
    expect(nats.describe('http://u:s3cr3t@h')).toBe("is 'http://h'");
    expect(database.describe('mysql://u:s3cr3t@h')).toBe('has a value that is not shown here');
    expect(secret('X').describe('s3cr3t')).toBe('has a value that is not shown here');
  });

  it('reads its default as if it stood in the environment, and refuses a wrong one at once', () => {
    expect(duration('X', { default: '30s' }).absent).toEqual({ value: 30_000 });
    expect(flag('X', { default: 'false' }).absent).toEqual({ value: false });
    expect(text('X', { optional: true }).absent).toEqual({ value: undefined });
    expect(text('X').absent).toBeNull();
    expect(() => integer('X', { default: 5, max: 4 })).toThrow(new TypeError("X has the default '5', which it would refuse"));
  });
});
