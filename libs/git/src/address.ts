type Bits = bigint;

interface Range {
  readonly base: Bits;
  readonly prefix: number;
}

/**
 * Whether a text is an IP address, in any form that a resolver may take for one: IPv4 also as one to three numbers, octal or
 * hexadecimal (as inet_aton reads it), IPv6 with and without brackets. Null for a name.
 */
export function readAddress(text: string): { readonly family: 4 | 6; readonly bits: Bits } | null {
  const bare = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  const v4 = readIpv4(bare);
  if (v4 !== null) return { family: 4, bits: v4 };
  const v6 = readIpv6(bare);
  return v6 === null ? null : { family: 6, bits: v6 };
}

/** Whether an address is one of the open internet, and neither of this machine, of a network of one's own, nor reserved (IANA's special-purpose registries). */
export function isPublicAddress(text: string): boolean {
  const address = readAddress(text);
  if (!address) return false;
  return address.family === 4 ? isPublicIpv4(address.bits) : isPublicIpv6(address.bits);
}

const NOT_PUBLIC_4 = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'].map(range);
/** The only space that is given out so far; what is not in it is nobody's. */
const GLOBAL_6 = range('2000::/3');
const NOT_PUBLIC_6 = ['2001::/23', '2001:db8::/32', '3fff::/20'].map(range);
/** Addresses that carry an IPv4 address, with the bits behind it: mapped, compatible, NAT64, 6to4. */
const CARRIERS = ([['::ffff:0:0/96', 0], ['::/96', 0], ['64:ff9b::/96', 0], ['2002::/16', 80]] as const).map(([text, behind]) => ({ range: range(text), behind: BigInt(behind) }));

const isPublicIpv4 = (bits: Bits): boolean => !NOT_PUBLIC_4.some((one) => contains(one, bits, 32));

function isPublicIpv6(bits: Bits): boolean {
  const carrier = CARRIERS.find((one) => contains(one.range, bits, 128));
  if (carrier) return isPublicIpv4((bits >> carrier.behind) & 0xffff_ffffn);
  return contains(GLOBAL_6, bits, 128) && !NOT_PUBLIC_6.some((one) => contains(one, bits, 128));
}

function range(text: string): Range {
  const [base = '', prefix = ''] = text.split('/');
  return { base: readAddress(base)?.bits ?? 0n, prefix: Number(prefix) };
}

const contains = ({ base, prefix }: Range, bits: Bits, length: number): boolean => bits >> BigInt(length - prefix) === base >> BigInt(length - prefix);

function readIpv4(text: string): Bits | null {
  const parts = text.replace(/\.$/, '').split('.');
  if (parts.length > 4) return null;
  const numbers = parts.map(readNumber);
  if (numbers.some((number) => number === null)) return null;
  const last = numbers.at(-1) as bigint;
  const first = numbers.slice(0, -1) as bigint[];
  // The last number fills what the others leave.
  if (first.some((number) => number > 255n) || last >= 1n << BigInt(8 * (5 - parts.length))) return null;
  return first.reduce((bits, number, i) => bits + (number << BigInt(8 * (3 - i))), last);
}

function readNumber(text: string): bigint | null {
  if (/^0x[0-9a-f]{1,16}$/i.test(text)) return BigInt(text);
  if (/^0[0-7]{1,22}$/.test(text)) return BigInt(`0o${text.slice(1)}`);
  return /^(0|[1-9]\d{0,19})$/.test(text) ? BigInt(text) : null;
}

function readIpv6(text: string): Bits | null {
  // A zone names an interface of this machine.
  const [address = ''] = text.split('%');
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const v4 = tail ? readIpv4(tail[2] ?? '') : null;
  if (tail && v4 === null) return null;
  const plain = tail && v4 !== null ? `${tail[1]}${(v4 >> 16n).toString(16)}:${(v4 & 0xffffn).toString(16)}` : address;
  const halves = plain.split('::');
  if (halves.length > 2) return null;
  const [before = [], after = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const missing = 8 - before.length - after.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
  return groups.reduce((bits, group) => (bits << 16n) + BigInt(`0x${group}`), 0n);
}
