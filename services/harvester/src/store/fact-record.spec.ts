import type { Fact } from '@granary/extract';
import { decodeFact, encodeFact } from './fact-record';

const FACTS: [string, Fact, 'plain' | 'zstd'][] = [
  ['a small one', { state: 'analysed', body: '[]', items: 0, light: null, findings: null }, 'plain'],
  ['a common one', { state: 'analysed', body: JSON.stringify(Array.from({ length: 40 }, (_, line) => ({ specifier: `./ü${line}`, kind: 'static', line }))), items: 40, light: 'too-large', findings: '{"secrets":[]}' }, 'zstd'],
  ['a large one', { state: 'analysed', body: JSON.stringify({ content: Array.from({ length: 30_000 }, (_, n) => `package-${n}`) }), items: 0, light: null, findings: null }, 'zstd'],
  ['a skipped one', { state: 'skipped', reason: 'minified', findings: '{}' }, 'plain'],
];

describe('a fact record', () => {
  it.each(FACTS)('holds %s', async (_, fact, encoding) => {
    const record = await encodeFact(fact);
    expect(record.encoding).toBe(encoding);
    expect(await decodeFact(record)).toEqual(fact);
  });

  it.each(FACTS)('that is corrupt is nothing: %s', async (_, fact) => {
    const record = await encodeFact(fact);
    const flipped = Buffer.from(record.body);
    if (flipped.length > 0) flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] ?? 0) ^ 1;
    expect(await decodeFact({ ...record, body: Buffer.concat([flipped, Buffer.from('x')]) })).toBeNull();
    expect(await decodeFact({ ...record, items: record.items + 1 })).toBeNull();
    expect(await decodeFact({ ...record, skipped: record.skipped === null ? 'binary' : null })).toBeNull();
    expect(await decodeFact({ ...record, findings: `${record.findings} ` })).toBeNull();
    expect(await decodeFact({ ...record, light: record.light === null ? 'crashed' : null })).toBeNull();
    if (record.encoding === 'zstd') expect(await decodeFact({ ...record, body: record.body.subarray(0, 10) })).toBeNull();
  });
});
