import { redactUrl } from '@granary/observability';

/** One variable of the environment: how it is read, and what is said when it cannot be. */
export interface Setting<T> {
  readonly variable: string;
  /** What it means, for the reference: a phrase without a full stop. */
  readonly about: string;
  /** What a reader is told is allowed, after "must be". */
  readonly allowed: string;
  /** Its value never shows in problems, logs or pages. */
  readonly secret: boolean;
  /** What holds when the variable is not set; without it the variable is required. */
  readonly absent: { readonly value: T } | null;
  /** The default as it would stand in the environment; null without one. */
  readonly fallback: string | null;
  /** The value of a text, or REFUSED. */
  read(raw: string): T | typeof REFUSED;
  /** What a refused text is, as far as it may be shown. */
  describe(raw: string): string;
}

export const REFUSED = Symbol('refused');

/** `default` is written as it would stand in the environment; `optional` makes an unset variable `undefined`. Without either the variable is required. */
interface Common<D> {
  readonly default?: D;
  readonly optional?: true;
}

type Read<T, O> = O extends { optional: true } ? T | undefined : T;

interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** Any text, as it stands. */
export function text<const O extends Common<string>>(variable: string, about: string, options?: O): Setting<Read<string, O>> {
  return setting({ variable, about }, options, { allowed: 'a text', read: (raw) => raw });
}

/** A password, key or token. It has no default, and problems never show it. */
export function secret<const O extends { optional?: true }>(variable: string, about: string, options?: O): Setting<Read<string, O>> {
  return setting({ variable, about }, options, { allowed: 'a text', secret: true, read: (raw) => raw });
}

/** A whole number. */
export function integer<const O extends Common<number> & Bounds>(variable: string, about: string, options?: O): Setting<Read<number, O>> {
  const { min, max } = { ...options } as Bounds;
  return setting({ variable, about }, options, { allowed: `a whole number${range(min, max)}`, read: (raw) => (/^-?\d{1,15}$/.test(raw) ? within(Number(raw), min, max) : REFUSED) });
}

/** A share from 0 to 1. */
export function ratio<const O extends Common<number>>(variable: string, about: string, options?: O): Setting<Read<number, O>> {
  return setting({ variable, about }, options, { allowed: 'a number from 0 to 1, such as 0.25', read: (raw) => (/^\d*\.?\d+$/.test(raw) ? within(Number(raw), 0, 1) : REFUSED) });
}

/** A TCP port; 0 lets the system choose a free one. */
export function port<const O extends Common<number>>(variable: string, about: string, options?: O): Setting<Read<number, O>> {
  return setting({ variable, about }, options, { allowed: 'a port from 0 to 65535 (0: any free one)', read: (raw) => (/^\d{1,5}$/.test(raw) ? within(Number(raw), 0, 65_535) : REFUSED) });
}

/** One of a few words. */
export function oneOf<const W extends string, const O extends Common<NoInfer<W>>>(variable: string, about: string, words: readonly W[], options?: O): Setting<Read<W, O>> {
  return setting({ variable, about }, options, { allowed: `one of ${words.join(', ')}`, read: (raw) => words.find((word) => word === raw) ?? REFUSED });
}

/** `true` or `false`. */
export function flag<const O extends Common<'true' | 'false'>>(variable: string, about: string, options?: O): Setting<Read<boolean, O>> {
  return setting({ variable, about }, options, { allowed: 'true or false', read: (raw) => (raw === 'true' ? true : raw === 'false' ? false : REFUSED) });
}

export interface UrlOptions extends Common<string> {
  /** Without colon: `['http', 'https']`. */
  readonly protocols: readonly string[];
  /** Several addresses, separated by commas. */
  readonly several?: true;
  /** The address carries a password. */
  readonly secret?: true;
  readonly example: string;
}

/** An address, as it was written. */
export function url<const O extends UrlOptions>(variable: string, about: string, options: O): Setting<Read<string, O>> {
  const { protocols, several = false, secret: hidden = false, example } = options as UrlOptions;
  const isAllowed = (one: string) => URL.canParse(one) && protocols.includes(new URL(one).protocol.slice(0, -1));
  return setting({ variable, about }, options, {
    allowed: `${several ? 'one or more URLs, separated by commas, that begin' : 'a URL that begins'} with ${protocols.map((protocol) => `${protocol}://`).join(' or ')}, such as ${example}`,
    secret: hidden,
    read: (raw) => ((several ? raw.split(',') : [raw]).every(isAllowed) ? raw : REFUSED),
  });
}

/** Addresses and networks such as `10.0.0.0/8` or `::1` (RFC 4632, 4291), separated by commas; none when empty. */
export function networks<const O extends Common<string>>(variable: string, about: string, options?: O): Setting<Read<readonly string[], O>> {
  return setting({ variable, about }, options, {
    allowed: 'addresses or networks, separated by commas, such as 127.0.0.1,10.0.0.0/8,fd00::/8',
    read(raw) {
      const listed = raw.split(',').map((one) => one.trim()).filter((one) => one !== '');
      return listed.every(isNetwork) ? listed : REFUSED;
    },
  });
}

function isNetwork(text: string): boolean {
  const [, address = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(address) ? 32 : address.includes(':') && URL.canParse(`http://[${address}]`) ? 128 : -1;
  return bits >= Number(prefix ?? 0);
}

const MILLISECONDS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time such as `250ms`, `30s`, `5m`, `2h` or `7d`, in milliseconds. */
export function duration<const O extends Common<string> & { readonly min?: string; readonly max?: string }>(variable: string, about: string, options?: O): Setting<Read<number, O>> {
  const { min, max } = { ...options } as { min?: string; max?: string };
  return setting({ variable, about }, options, {
    allowed: `a time such as 250ms, 30s, 5m, 2h or 7d${range(min, max)}`,
    read: (raw) => within(measure(raw, MILLISECONDS), min === undefined ? undefined : measure(min, MILLISECONDS), max === undefined ? undefined : measure(max, MILLISECONDS)),
  });
}

const BYTES = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** A size such as `500MB` (powers of 1000) or `512MiB` (powers of 1024), in bytes. */
export function bytes<const O extends Common<string>>(variable: string, about: string, options?: O): Setting<Read<number, O>> {
  return setting({ variable, about }, options, { allowed: 'a size such as 64kB, 500MB, 20GB or 512MiB', read: (raw) => within(measure(raw, BYTES)) });
}

type Named = Pick<Setting<unknown>, 'variable' | 'about'>;

interface Kind<T> {
  readonly allowed: string;
  readonly secret?: boolean;
  read(raw: string): T | typeof REFUSED;
}

// The one place where `Read` is asserted: TypeScript cannot follow a conditional type through `options`.
function setting<T, O>({ variable, about }: Named, options: O | undefined, { allowed, secret: hidden = false, read }: Kind<T>): Setting<Read<T, O>> {
  const { default: fallback, optional } = { ...options } as Common<string | number>;
  return {
    variable,
    about,
    allowed,
    secret: hidden,
    fallback: fallback === undefined ? null : String(fallback),
    absent: fallback !== undefined ? { value: readDefault(variable, String(fallback), read) } : optional === true ? { value: undefined } : null,
    read,
    describe: (raw: string) => (hidden ? 'has a value that is not shown here' : `is '${redactUrl(raw)}'`),
  } as Setting<Read<T, O>>;
}

function readDefault<T>(variable: string, fallback: string, read: (raw: string) => T | typeof REFUSED): T {
  const value = read(fallback);
  if (value === REFUSED) throw new TypeError(`${variable} has the default '${fallback}', which it would refuse`);
  return value;
}

function measure(raw: string, units: Readonly<Record<string, number>>): number {
  const [, amount = '', unit = ''] = /^(\d{1,12}(?:\.\d{1,6})?)\s?([a-zA-Z]+)$/.exec(raw) ?? [];
  return Math.round(Number(amount || Number.NaN) * (units[unit] ?? Number.NaN));
}

function within(value: number, min = 0, max = Number.MAX_SAFE_INTEGER): number | typeof REFUSED {
  return value >= min && value <= max ? value : REFUSED;
}

function range(min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return `, at least ${min}`;
  return max === undefined ? '' : `, at most ${max}`;
}
