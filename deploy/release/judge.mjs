// Whether a release and the one before it may run side by side, on one broker and one database. Pure: both as values, sentences out.

/** What tells people something and validators nothing. */
const ANNOTATIONS = new Set(['$id', '$schema', '$comment', 'title', 'description', 'examples', 'default', 'deprecated']);

/** A schema without what does not count. */
export function essence(schema) {
  if (Array.isArray(schema)) return schema.map(essence);
  if (schema === null || typeof schema !== 'object') return schema;
  return Object.fromEntries(Object.entries(schema).filter(([key]) => !ANNOTATIONS.has(key) && !key.startsWith('x-')).map(([key, value]) => [key, key === 'properties' || key === '$defs' ? eachOf(value) : essence(value)]));
}

// Properties may be called as keywords are.
const eachOf = (properties) => Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, essence(schema)]));

/**
 * What keeps one side from reading what the other writes. Writers are strict and readers ignore what they do not know, so
 * an optional property may come or go; everything else breaks the one or the other.
 */
export function schemaProblems(before, now, at) {
  if (before === null || now === null || typeof before !== 'object' || typeof now !== 'object' || Array.isArray(before) || Array.isArray(now)) return same(before, now) ? [] : [`${at} was ${short(before)} and is ${short(now)}`];
  const [had, has] = [before.required ?? [], now.required ?? []];
  const own = [
    ...has.filter((name) => !had.includes(name)).map((name) => `${at}.${name} is required now: what the release before writes has none`),
    ...had.filter((name) => !has.includes(name)).map((name) => `${at}.${name} is not required any more: the release before does not read anything without`),
  ];
  const inside = ['properties', '$defs'].flatMap((key) => Object.keys(before[key] ?? {}).filter((name) => name in (now[key] ?? {})).flatMap((name) => schemaProblems(before[key][name], now[key][name], `${at}.${name}`)));
  const rest = [...new Set([...Object.keys(before), ...Object.keys(now)])].filter((key) => !['required', 'properties', '$defs'].includes(key));
  return [...own, ...inside, ...rest.flatMap((key) => schemaProblems(before[key] ?? null, now[key] ?? null, `${at}/${key}`))];
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);
const short = (value) => (value === null ? 'not there' : JSON.stringify(value).slice(0, 80));

/** What of the contracts of the release before is gone, or changed so that one side does not understand the other. */
export function contractProblems(before, now) {
  return Object.entries(before).flatMap(([name, schema]) => (name in now ? schemaProblems(schema, now[name], name) : [`${name} is gone: the release before still writes or reads it`]));
}

const HARMFUL = [
  [/\bdrop\s+(table|column|view|schema|type|function)\b/i, 'drops something'],
  [/\balter\s+table\s+[^;]*\brename\b/i, 'renames something'],
  [/\balter\s+column\s+\S+\s+(set\s+data\s+)?type\b/i, 'changes the type of a column'],
  [/\balter\s+column\s+\S+\s+set\s+not\s+null\b/i, 'forbids nulls in a column'],
  [/\badd\s+column\s+(?:if\s+not\s+exists\s+)?(?![^,;`]*\b(?:default|generated)\b)[^,;`]*\bnot\s+null\b/i, 'adds a column that must be filled, without a default'],
  [/\badd\s+(constraint\s+\S+\s+)?check\b(?![^;`]*\bnot\s+valid\b)/i, 'adds a condition that what the release before writes may not fulfil'],
];

/**
 * What in a migration that is newer than the release before that release could not live with. A migration that removes what
 * is not used since some release says so: `No longer used since 0.4.0`, which must be older than what runs beside it.
 * @param {{ path: string, text: string }} migration
 * @param {string} release
 */
export function migrationProblems({ path, text }, release) {
  const up = text.slice(text.indexOf('async up('), text.indexOf('async down('));
  const since = /no longer used since (\d+\.\d+\.\d+)/i.exec(text)?.[1];
  if (since !== undefined && compare(since, release) <= 0) return [];
  return HARMFUL.filter(([pattern]) => pattern.test(up)).map(([, what]) => `${path} ${what}: services of ${release} that still run would fail. Add first, remove in a later release with the words "No longer used since <version>"`);
}

const compare = (a, b) => a.split('.').map(Number).reduce((order, part, index) => order || part - Number(b.split('.')[index]), 0);
