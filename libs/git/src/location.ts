import { Fault } from '@granary/faults';
import { isAbsolute, normalize } from 'node:path';

export type Transport = 'file' | 'https' | 'http' | 'ssh' | 'git';

/** Where a repository is. */
export interface Location {
  /** Without credentials: what is stored, shown, announced, and given to git. */
  readonly location: string;
  readonly transport: Transport;
  /** Of https and http only; given to git apart from the address. */
  readonly credentials: Credentials | null;
}

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

const SCHEMES: Record<string, Transport> = { 'file:': 'file', 'https:': 'https', 'http:': 'http', 'ssh:': 'ssh', 'git+ssh:': 'ssh', 'ssh+git:': 'ssh', 'git:': 'git' };
const ALLOWED = 'Give an absolute path, or an address that begins with https://, http://, ssh://, git:// or file://, or user@host:path';
const CONTROL = /[\u0000-\u001f\u007f]/;
// `host:path` as ssh writes it: no slash before the colon, and no `//` after it.
const SCP_LIKE = /^(?:([\w.+-]+)@)?(\[[0-9a-fA-F:.]+\]|[\w.-]+):(?!\/\/)(.+)$/;

/**
 * Reads what a person gave as a location. The same repository always gives the same text, so that adding it twice is noticed.
 * Throws permanent `bad-location`.
 */
export function parseLocation(given: string): Location {
  const text = given.trim();
  if (text === '') throw bad(given, 'it is empty');
  if (CONTROL.test(text)) throw bad('the location', 'it holds control characters');
  if (text.startsWith('-')) throw bad(text, 'a leading - would be an option of git');
  if (/^[a-z][\w+.-]*::/i.test(text)) throw bad(text.slice(0, text.indexOf('::') + 2), 'remote helpers run programs and are refused');
  if (isAbsolute(text)) return local(text);
  if (text.includes('://')) return parseUrl(text);
  const scp = SCP_LIKE.exec(text);
  if (scp) return parseScp(text, scp);
  throw Fault.permanent('bad-location', `'${text}' is a relative path, and services do not know your current folder. ${ALLOWED}`);
}

const local = (path: string): Location => ({ location: trimSlashes(normalize(path)), transport: 'file', credentials: null });

function parseUrl(text: string): Location {
  const url = URL.parse(text);
  // The text itself may hold a password, so no message quotes it.
  if (!url) throw Fault.permanent('bad-location', `the address is not a valid URL. ${ALLOWED}`);
  const transport = Object.hasOwn(SCHEMES, url.protocol) ? SCHEMES[url.protocol] : undefined;
  if (!transport) throw bad(`${url.protocol}//…`, `git is only allowed to fetch over ${Object.values(SCHEMES).filter(unique).join(', ')}`);
  if (transport === 'file') return parseFileUrl(url);
  if (url.hostname === '' || url.hostname.startsWith('-') || decode(url.username).startsWith('-')) throw bad(`${url.protocol}//${url.hostname}`, 'a host or user must not be empty or begin with -');
  if (decode(url.pathname).startsWith('/-')) throw bad(`${url.protocol}//${url.hostname}${url.pathname}`, 'a path must not begin with -');
  if (url.pathname === '' || url.pathname === '/') throw bad(`${url.protocol}//${url.hostname}`, 'the path of the repository is missing');
  return { location: withoutCredentials(url, transport), transport, credentials: credentialsOf(url, transport) };
}

function parseFileUrl(url: URL): Location {
  if (url.hostname !== '' && url.hostname !== 'localhost') throw bad(`file://${url.hostname}`, 'the host of a file address must be empty');
  return local(decode(url.pathname));
}

function parseScp(text: string, [, user, host = '', path = '']: RegExpExecArray): Location {
  if (host.startsWith('-') || user?.startsWith('-') || path.startsWith('-')) throw bad(text, 'a host, user or path must not begin with -');
  // `user:password@host:path` is no form that git knows; quoting it would show the password.
  if (/^[^/]*@/.test(path)) throw Fault.permanent('bad-location', `the address is neither a URL nor user@host:path. ${ALLOWED}`);
  return { location: trimSlashes(`${user === undefined ? '' : `${user}@`}${host}:${path}`), transport: 'ssh', credentials: null };
}

/** Query and fragment go too: git servers need none, and tokens are put there at times. */
function withoutCredentials(url: URL, transport: Transport): string {
  // The account of ssh is part of the address (`git@`); that of https is often the token itself.
  const user = transport === 'ssh' && url.username !== '' ? `${url.username}@` : '';
  const scheme = transport === 'ssh' ? 'ssh:' : url.protocol;
  return trimSlashes(`${scheme}//${user}${url.host}${url.pathname}`);
}

function credentialsOf(url: URL, transport: Transport): Credentials | null {
  if (transport === 'ssh' && url.password !== '') {
    throw Fault.permanent('bad-location', 'an ssh address with a password cannot be used, because nobody is there to type it: use a key that the service can read, and leave the password out');
  }
  if ((transport !== 'https' && transport !== 'http') || (url.username === '' && url.password === '')) return null;
  const credentials = { username: decode(url.username), password: decode(url.password) };
  if (CONTROL.test(credentials.username + credentials.password)) throw Fault.permanent('bad-location', 'user name and password in an address must not hold control characters');
  return credentials;
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const trimSlashes = (text: string): string => text.replace(/(?<=[^/:])\/+$/, '');

const unique = <T>(value: T, index: number, all: readonly T[]): boolean => all.indexOf(value) === index;

const bad = (what: string, why: string): Fault => Fault.permanent('bad-location', `'${what}' cannot be used: ${why}. ${ALLOWED}`);

/** The name a repository gets when none is given: the last part of its location, without `.git`. */
export function nameOf(location: string): string {
  const last = location.replace(/[/:]\.git$/, '').split(/[/\\:]/).filter(Boolean).at(-1) ?? '';
  const name = last.replace(/\.git$/, '').replace(/[^\w.-]+/g, '-').replace(/^[.-]+|[.-]+$/g, '');
  return name.slice(0, MAX_NAME) || 'repository';
}

const MAX_NAME = 100;
const NAME = /^[A-Za-z0-9_](?:[\w. -]{0,98}[\w])?$/;

/** A name a person gave, checked. Throws permanent `bad-name`. */
export function checkName(name: string): string {
  if (NAME.test(name)) return name;
  throw Fault.permanent('bad-name', `'${name.slice(0, MAX_NAME)}' cannot be a repository's name: use 1 to ${MAX_NAME} letters, digits, '.', '_', '-' or spaces, beginning and ending with a letter, digit or '_'`);
}

// As `git check-ref-format --branch` has it.
const NO_BRANCH = /[\u0000-\u0020\u007f~^:?*[\\]|\.\.|@\{|\/\/|\/$|^\/|\.$|(?:^|\/)\.|\.lock(?:\/|$)|^@$|^HEAD$/;

/** A branch a person gave, checked; `refs/heads/` in front is allowed. Throws permanent `bad-branch`. */
export function checkBranch(branch: string): string {
  const name = branch.replace(/^refs\/heads\//, '');
  if (name !== '' && !name.startsWith('-') && !NO_BRANCH.test(name)) return name;
  throw Fault.permanent('bad-branch', `'${branch.slice(0, 200)}' cannot be a branch's name; give it as 'git branch' lists it, such as main`);
}
