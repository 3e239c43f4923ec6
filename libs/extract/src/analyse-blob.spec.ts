import { analyseBlob } from './analyse-blob';
import { readingOf } from './extractors';
import type { Extractor } from './facts';
import { javascript } from './javascript/javascript';
import { npmManifests } from './npm/manifests';

const analyse = (content: string | Buffer, extractor: Extractor = javascript, pathClass = 'ts') => analyseBlob(Buffer.from(content), extractor, pathClass);

describe('a blob', () => {
  it('becomes the JSON text of its imports', () => {
    expect(analyse(`import 'a';\nimport 'b';`)).toEqual({
      state: 'analysed',
      body: '{"imports":[{"specifier":"a","kind":"static","line":1},{"specifier":"b","kind":"static","line":2}]}',
      items: 2,
    });
    expect(analyse('')).toEqual({ state: 'analysed', body: '{"imports":[]}', items: 0 });
  });

  it('becomes the JSON text of its manifest', () => {
    expect(analyse('{"name":"a"}', npmManifests, 'package.json')).toEqual({ state: 'analysed', body: '{"content":{"name":"a"},"error":null}', items: 0 });
  });

  it('is skipped when it is no text, too large or minified', () => {
    expect(analyse(Buffer.from([0x61, 0, 0x62]))).toEqual({ state: 'skipped', reason: 'binary' });
    expect(analyse(Buffer.from('\ufeffimport "a"', 'utf16le'))).toEqual({ state: 'skipped', reason: 'binary' });
    expect(analyse('\n'.repeat(2_000_001))).toEqual({ state: 'skipped', reason: 'too-large' });
    expect(analyse(`import "a";${'a();'.repeat(2000)}`)).toEqual({ state: 'skipped', reason: 'minified' });
  });

  it('is not minified for one long line, for being short, or as a manifest', () => {
    expect(analyse(`${'a();\n'.repeat(100)}const b = "${'x'.repeat(20_000)}";\n${'import "a";\n'.repeat(100)}`)).toMatchObject({ state: 'analysed', items: 100 });
    expect(analyse(`import "a";${'a();'.repeat(500)}`)).toMatchObject({ state: 'analysed', items: 1 });
    expect(analyse(`{"name":"a","x":"${'y'.repeat(20_000)}"}`, npmManifests, 'package.json')).toMatchObject({ state: 'analysed' });
  });

  it('is unreadable when an extractor throws', () => {
    const broken: Extractor = { ...javascript, extract: () => { throw new RangeError('too deep'); } };
    expect(analyse('a', broken)).toEqual({ state: 'skipped', reason: 'unreadable' });
  });
});

describe('how a path is read', () => {
  it('says everything that a fact depends on', () => {
    expect(readingOf('src/a.tsx', 'b1')).toEqual({ key: { blob: 'b1', kind: 'module', pathClass: 'tsx', extractor: 'javascript@2', ruleSet: 'none' }, maxBytes: 2_000_000 });
    expect(readingOf('package-lock.json', 'b2')).toEqual({ key: { blob: 'b2', kind: 'manifest', pathClass: 'package-lock.json', extractor: 'npm-manifests@1', ruleSet: 'none' }, maxBytes: 20_000_000 });
    expect(readingOf('README.md', 'b3')).toBeNull();
  });
});
