import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Failure } from './family';
import type { JsonObject } from './json';
import { isObject, withoutMark } from './json';

// Entities are left alone, so that none can grow; the five that XML itself has are read where text is taken.
const OPTIONS = { ignoreAttributes: false, attributeNamePrefix: '@', parseTagValue: false, parseAttributeValue: false, processEntities: false, removeNSPrefix: true };

// Made when it is needed: most repositories hold no XML that is read here, and loading it takes a while.
let parser: XMLParser | null = null;

/** Parses XML and gives its root element, which must have the name. A failure names the place and not the text there. */
export function parseXml(source: string, root: string): { readonly value: JsonObject } | Failure {
  const text = withoutMark(source);
  if (text.trim() === '') return { error: 'it is empty' };
  const checked = XMLValidator.validate(text);
  if (checked !== true) return { error: `not XML: a mistake at line ${checked.err.line}, column ${checked.err.col}` };
  const parsed = parse(text);
  if (parsed === null) return { error: 'not XML that can be read: it is nested too deeply, or its entities are' };
  const element = isObject(parsed) ? parsed[root] : undefined;
  // An element with nothing in it is read as an empty text.
  if (element === '') return { value: {} };
  return isObject(element) ? { value: element } : { error: `the root is not <${root}>` };
}

function parse(text: string): unknown {
  try {
    return (parser ??= new XMLParser(OPTIONS)).parse(text) as unknown;
  } catch {
    return null;
  }
}

/** The elements of a name in another one: none, one or many. */
export function elements(parent: unknown, name: string): JsonObject[] {
  return [isObject(parent) && Object.hasOwn(parent, name) ? parent[name] : []].flat().filter(isObject);
}

/** The text of a child element or, with `@` in front of its name, of an attribute; null when there is none. */
export function textOf(parent: unknown, name: string): string | null {
  const values = isObject(parent) && Object.hasOwn(parent, name) ? [parent[name]].flat() : [];
  const value = isObject(values[0]) ? values[0]['#text'] : values[0];
  return typeof value === 'string' ? decoded(value.trim()) || null : null;
}

/** The texts of all child elements of a name. */
export function textsOf(parent: unknown, name: string): string[] {
  const values = isObject(parent) && Object.hasOwn(parent, name) ? [parent[name]].flat() : [];
  return values.flatMap((value) => (typeof value === 'string' ? decoded(value.trim()) || [] : []));
}

const ENTITIES: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

const decoded = (text: string): string => text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => ENTITIES[entity] ?? entity);
