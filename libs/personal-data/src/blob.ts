import type { PersonalDataContext } from './finding';
import { isTable, type PersonalDataPathClass } from './path-class';
import { cellCounter, headerOf, type Header } from './table';

/** Topics that words near a value may speak of. */
export type Topic = 'phone' | 'ssn' | 'card' | 'bank' | 'birth' | 'passport' | 'licence' | 'nino' | 'tax-de' | 'dni' | 'cpf' | 'aadhaar';

/**
 * `words`: plain lower-case strings, one of which a blob must contain for the topic to be possible at all.
 * `near`: what the words around one value must match.
 */
const TOPICS: Readonly<Record<Topic, { words: readonly string[]; near: RegExp }>> = {
  phone: {
    words: ['phone', 'mobil', 'movil', 'celular', 'fax', 'msisdn', 'whatsapp', 'telef', 'rufnummer', 'handy', 'tel', 'sms'],
    near: /phone|mobil|movil|celular|msisdn|whatsapp|telef|rufnummer|handy|(?<![a-z])(?:fax|tel|sms)(?![a-z])/,
  },
  ssn: { words: ['ssn', 'social'], near: /(?<![a-z])ssn|ssn(?![a-z])|social.{0,3}security/ },
  card: {
    words: ['card', 'credit', 'visa', 'amex', 'kreditkarte', 'carte', 'tarjeta', 'pan'],
    near: /(?:credit|debit|payment|bank).{0,3}card|card.{0,3}(?:n[ou]|#)|(?<![a-z])(?:cc|pan|visa|amex|mastercard|card|kreditkarte)(?![a-z])|cc_?num|carte|tarjeta/,
  },
  bank: { words: ['iban', 'account', 'konto', 'bank'], near: /iban|account|konto|bank/ },
  birth: { words: ['birth', 'dob', 'born', 'geb', 'naissance', 'nacimiento', 'nascimento', 'nascita'], near: /birth|(?<![a-z])dob(?![a-z])|(?<![a-z])born(?![a-z])|geburt|geb\.|(?<![a-z])geboren|naissance|nacimiento|nascimento|nascita/ },
  passport: { words: ['passport', 'reisepass', 'passeport', 'pasaporte'], near: /pass(?:e?port|aporte).{0,3}(?:n[ou]|nr|#|id)|reisepass|passport["']?\s{0,2}[:=]|(?<![a-z])(?:passport|pasaporte|passeport)$/ },
  licence: { words: ['licen', 'permis', 'hrerschein'], near: /driv(?:er|ing).{0,4}licen[cs]e|hrerschein|permis.{0,4}conduire|licen[cs]e.{0,3}(?:n[ou](?:mber)?|nr|#)$/ },
  nino: { words: ['nino', 'insurance', 'ni_', 'ni n'], near: /(?<![a-z])nino(?![a-z])|national.{0,3}insurance|(?<![a-z])ni[ _-](?:no|num)/ },
  'tax-de': { words: ['steuer', 'idnr', 'tax', 'tin'], near: /steuer|idnr|tax.{0,3}id|(?<![a-z])tin(?![a-z])/ },
  dni: { words: ['dni', 'nif', 'nie', 'documento'], near: /(?<![a-z])(?:dni|nif|nie)(?![a-z])|documento/ },
  cpf: { words: ['cpf'], near: /(?<![a-z])cpf/ },
  aadhaar: { words: ['aadhaar', 'aadhar', 'uidai'], near: /aadha+r|uidai/ },
};

/** Names that say nothing about their value, so that the words before them count. */
const EMPTY_KEYS = /^(?:value|val|number|num|no|nr|text|content|default|example|data|input|\d*)$/;
const KEY_BEFORE = /([a-z_$][\w$ .-]{0,40}?)["'`\]]{0,2}\s{0,3}(?::|=>?|:=)\s{0,3}["'`([]{0,2}\+?$/;
const TAG_BEFORE = /<([\w:-]{1,40})(?:\s[^<>]{0,60})?>\s{0,3}$/;

/** A blob with everything that detectors ask about it. What only some blobs need is made when first asked for. */
export interface Blob {
  readonly content: Buffer;
  /** A part of the content as one character a byte, so that positions in it are byte positions. */
  text(from: number, to: number): string;
  lower(from: number, to: number): string;
  /** Whether the words around a value can name the topic at all. Sure only for blobs with many candidates. */
  mayMention(topic: Topic): boolean;
  /** How the surroundings of a value name the topic, or null when they do not. */
  near(topic: Topic, start: number, end: number): PersonalDataContext | null;
}

const BEFORE = 96;
const AFTER = 24;
/** Looking around this many candidates costs about as much as looking for a topic's words in a whole file. */
const LOOKS = 24;

export function blobOf(content: Buffer, pathClass: PersonalDataPathClass): Blob {
  let wholeLower: string | null = null;
  let header: Header | null | undefined;
  let cellAt: ((position: number) => number) | null = null;
  const looks = new Map<Topic, number>();
  const mentioned = new Map<Topic, boolean>();

  const text = (from: number, to: number): string => content.toString('latin1', from, to);
  const lower = (from: number, to: number): string => text(from, to).toLowerCase();

  function mentions(topic: Topic): boolean {
    const known = mentioned.get(topic);
    if (known !== undefined) return known;
    const whole = (wholeLower ??= lower(0, content.length));
    const found = TOPICS[topic].words.some((word) => whole.includes(word));
    mentioned.set(topic, found);
    return found;
  }

  function mayMention(topic: Topic): boolean {
    const count = looks.get(topic) ?? 0;
    looks.set(topic, count + 1);
    return count < LOOKS || mentions(topic);
  }

  function columnOf(start: number): string | null {
    if (header === undefined) header = isTable(pathClass) ? headerOf(content) : null;
    if (header === null || start < header.end) return null;
    cellAt ??= cellCounter(content, header.delimiter);
    return header.columns[cellAt(start)] ?? null;
  }

  function near(topic: Topic, start: number, end: number): PersonalDataContext | null {
    if (!mayMention(topic)) return null;
    const pattern = TOPICS[topic].near;
    const column = columnOf(start);
    if (column !== null) return pattern.test(column) ? 'column' : null;
    return surroundings(lower(Math.max(0, start - BEFORE), start), lower(end, end + AFTER)).some((words) => pattern.test(words)) ? 'keyword' : null;
  }

  return { content, text, lower, mayMention, near };
}

/**
 * The words that may name a value: the key or tag right before it, where there is one that means something; otherwise
 * what stands before it on this line and the one above, and a little behind it on its own line.
 */
function surroundings(before: string, after: string): string[] {
  const line = before.slice(before.lastIndexOf('\n') + 1);
  const key = (KEY_BEFORE.exec(line) ?? TAG_BEFORE.exec(line))?.[1];
  if (key !== undefined && !EMPTY_KEYS.test(key)) return [key];
  const above = before.lastIndexOf('\n', before.length - line.length - 2);
  const lineEnd = after.indexOf('\n');
  return [before.slice(above + 1), lineEnd === -1 ? after : after.slice(0, lineEnd)];
}
