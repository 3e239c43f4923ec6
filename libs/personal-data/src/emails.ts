import type { Blob } from './blob';
import { DOMAIN, is, LOCAL, WORD } from './bytes';
import { isNobody, isPlaceholderName, isRole, kindOfDomain } from './email-domains';
import type { Match, PersonalDataContext, PersonalDataSeverity } from './finding';

const AT = 0x40;
const MAX_LOCAL = 64;
const MAX_DOMAIN = 253;

/** Every address of a person or an organisation; what looks like one and is none is left out. */
export function findEmails(blob: Blob, report: (match: Match) => void): void {
  const { content } = blob;
  for (let at = content.indexOf(AT); at !== -1; at = content.indexOf(AT, at + 1)) {
    const start = localStart(content, at);
    if (start === at) continue;
    const end = domainEnd(content, at + 1);
    if (end - at < 5 || !standsAlone(blob, start, end)) continue;
    const local = blob.lower(start, at);
    const domain = blob.lower(at + 1, end);
    if (!isAddress(local, domain, blob.text(at + 1, end))) continue;
    const kind = kindOfDomain(domain);
    if (kind !== 'real' || isNobody(local) || isMessageId(blob, start, local)) continue;
    report({ rule: 'email', ...judge(blob, start, local), start, end, value: `${local}@${domain}`, preview: previewOf(local, domain) });
  }
}

function localStart(content: Buffer, at: number): number {
  let start = at;
  const limit = Math.max(0, at - MAX_LOCAL - 1);
  while (start > limit && is(content[start - 1], LOCAL)) start -= 1;
  // A local part neither begins with a sign nor a dot; what comes before one is somebody else's text.
  while (start < at && !is(content[start], WORD)) start += 1;
  // `\n` and `\t` of an escaped string are not part of the name behind them.
  if (content[start - 1] === 0x5c && (content[start] === 0x6e || content[start] === 0x74 || content[start] === 0x72)) start += 1;
  return at - start > MAX_LOCAL ? at : start;
}

function domainEnd(content: Buffer, from: number): number {
  let end = from;
  const limit = Math.min(content.length, from + MAX_DOMAIN + 1);
  while (end < limit && is(content[end], DOMAIN)) end += 1;
  while (end > from && (content[end - 1] === 0x2e || content[end - 1] === 0x2d)) end -= 1;
  return end - from > MAX_DOMAIN ? from : end;
}

const NOT_BEFORE = new Set([...'/@#$%&=!^~'].map((character) => character.charCodeAt(0)));
const NOT_BEHIND = new Set([...'@(_/$%`{'].map((character) => character.charCodeAt(0)));

/** Whether the text around lets it be an address: not the user of a URL, a remote of git, a decorator or a version. */
function standsAlone(blob: Blob, start: number, end: number): boolean {
  const { content } = blob;
  const before = content[start - 1];
  const after = content[end];
  if (after !== undefined && NOT_BEHIND.has(after) && !(after === 0x60 && before === 0x60)) return false;
  // `to=jane@…` in a query is an address; `==x@…` in a hash is none.
  if (before !== undefined && NOT_BEFORE.has(before) && !((before === 0x3d || before === 0x26) && is(content[start - 2], WORD))) return false;
  if (before === 0x3a && /:\/\/[^\s"']{0,60}$/.test(blob.text(Math.max(0, start - 72), start))) return false;
  return after !== 0x3a || !/^:(?:\d|[^\s"'`<>)]{0,100}(?:\/|\.git\b))/.test(blob.text(end, end + 110));
}

function isAddress(local: string, domain: string, written: string): boolean {
  if (local.includes('..') || domain.includes('..') || local.endsWith('.')) return false;
  const top = written.slice(written.lastIndexOf('.') + 1);
  // `q@k.mT` multiplies matrices.
  if (top !== top.toLowerCase() && top !== top.toUpperCase()) return false;
  return !(local.length <= 2 && domain.indexOf('.') <= 2);
}

/** Long random names in angle brackets identify messages. */
function isMessageId(blob: Blob, start: number, local: string): boolean {
  if (blob.content[start - 1] !== 0x3c) return false;
  if (local.length >= 16 && /\d{6}/.test(local)) return true;
  return /(?:message-id|in-reply-to|references):\s*<$/.test(blob.lower(Math.max(0, start - 24), start));
}

const PUBLIC_CONTACT =
  /\bauthors?\b|@author|maintain|contribut|copyright|\(c\)|\xa9|licen[cs]e|signed-off-by|co-authored-by|(?:reported|reviewed|acked|tested|suggested)-by|\bcredits?\b|thanks|contacting|codeowner|written by|patch by|\bby [\w .]{1,30}<$/;

/** Why an address counts, and how much: a person's more than an organisation's or an author's, who wants to be found. */
function judge(blob: Blob, start: number, local: string): { severity: PersonalDataSeverity; context: PersonalDataContext } {
  if (isRole(local)) return { severity: 'low', context: 'role' };
  if (isPlaceholderName(local)) return { severity: 'low', context: 'placeholder' };
  const window = blob.lower(Math.max(0, start - 160), start);
  if (PUBLIC_CONTACT.test(window.slice(window.lastIndexOf('\n') + 1))) return { severity: 'low', context: 'public-contact' };
  return { severity: 'medium', context: 'format' };
}

const previewOf = (local: string, domain: string): string => `${local.charAt(0)}…@${domain.charAt(0)}…${domain.slice(domain.lastIndexOf('.'))}`;
