import { analyseBlob } from './analyse-blob';
import { readingOf } from './extractors';
import type { Extractor } from './facts';
import { javascript } from './javascript/javascript';
import { npmManifests } from './manifests/npm/manifests';
import { createSearch } from './search';
import { plainText } from './text';

const search = createSearch({ key: '5a'.repeat(32), custom: [] });
const analyse = (content: string | Buffer, extractor: Extractor = javascript, pathClass = 'ts', light: 'timed-out' | null = null) =>
  analyseBlob(Buffer.from(content), { extractor, pathClass: `${pathClass}/source+other`, search, light });

describe('a blob', () => {
  it('becomes the JSON text of its imports', () => {
    expect(analyse(`import 'a';\nimport 'b';`)).toEqual({
      state: 'analysed',
      body: '{"imports":[{"specifier":"a","kind":"static","line":1},{"specifier":"b","kind":"static","line":2}]}',
      items: 2,
      light: null,
      findings: null,
    });
    expect(analyse('')).toEqual({ state: 'analysed', body: '{"imports":[]}', items: 0, light: null, findings: null });
  });

  it('becomes the JSON text of its manifest', () => {
    expect(analyse('{"name":"a"}', npmManifests, 'package.json')).toEqual({ state: 'analysed', body: '{"content":{"name":"a"},"error":null}', items: 0, light: null, findings: null });
  });

  it('is skipped when it is no text, too large or minified', () => {
    expect(analyse(Buffer.from([0x61, 0, 0x62]))).toEqual({ state: 'skipped', reason: 'binary', findings: null });
    expect(analyse(Buffer.from('\ufeffimport "a"', 'utf16le'))).toEqual({ state: 'skipped', reason: 'binary', findings: null });
    expect(analyse('\n'.repeat(10_000_001))).toEqual({ state: 'skipped', reason: 'too-large', findings: null });
    expect(analyse(`{${' '.repeat(2_000_001)}}`, npmManifests, 'package.json')).toEqual({ state: 'skipped', reason: 'too-large', findings: null });
    expect(analyse(`import "a";${'a();'.repeat(2000)}`)).toEqual({ state: 'skipped', reason: 'minified', findings: null });
  });

  it('is not minified for one long line, for being short, or as a manifest', () => {
    expect(analyse(`${'a();\n'.repeat(100)}const b = "${'x'.repeat(20_000)}";\n${'import "a";\n'.repeat(100)}`)).toMatchObject({ state: 'analysed', items: 100 });
    expect(analyse(`import "a";${'a();'.repeat(500)}`)).toMatchObject({ state: 'analysed', items: 1 });
    expect(analyse(`{"name":"a","x":"${'y'.repeat(20_000)}"}`, npmManifests, 'package.json')).toMatchObject({ state: 'analysed' });
  });

  it('is only lightly scanned when it is large, when its parser gives up, or when it is asked for', () => {
    const broken: Extractor = { ...javascript, extract: () => { throw new RangeError('too deep'); } };
    const body = '{"imports":[{"specifier":"a","kind":"static","line":1}]}';
    expect(analyse(`import 'a';`, broken)).toEqual({ state: 'analysed', body, items: 1, light: 'unreadable', findings: null });
    expect(analyse(`import 'a';`, javascript, 'ts', 'timed-out')).toMatchObject({ body, light: 'timed-out' });
    expect(analyse(`import 'a';${'\n'.repeat(2_000_001)}`)).toMatchObject({ body, light: 'too-large' });
  });

  it('is unreadable when not even that is possible', () => {
    const fail = (): never => { throw new RangeError('too deep'); };
    expect(analyse('a', { ...javascript, extract: fail, light: fail })).toEqual({ state: 'skipped', reason: 'unreadable', findings: null });
    expect(analyse('a', { ...npmManifests, extract: fail })).toEqual({ state: 'skipped', reason: 'unreadable', findings: null });
  });

  it('is searched also when it is nothing but text', () => {
    expect(analyse('plain', plainText, 'text')).toEqual({ state: 'analysed', body: '', items: 0, light: null, findings: null });
  });
});

describe('how a path is read', () => {
  it('says everything that a fact depends on', () => {
    expect(readingOf('src/a.tsx', 'b1', 'r')).toEqual({ blob: 'b1', kind: 'module', pathClass: 'tsx/source+other', extractor: javascript.id, ruleSet: 'r' });
    expect(readingOf('package-lock.json', 'b2', 'r')).toEqual({ blob: 'b2', kind: 'manifest', pathClass: expect.stringMatching(/^package-lock\.json\/lock\+/), extractor: npmManifests.id, ruleSet: 'r' });
    expect(readingOf('README.md', 'b3', 'r')).toMatchObject({ kind: 'text', extractor: plainText.id });
    expect(readingOf('logo.PNG', 'b4', 'r')).toBeNull();
  });
});
