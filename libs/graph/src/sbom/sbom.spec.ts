import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import type { ProjectGraph } from '@granary/contracts';
import { factsOf } from '../../test/facts';
import { normalize } from '../normalize/normalize';
import { toCycloneDx } from './cyclonedx';
import { toSpdx } from './spdx';

const HASH = `sha256:${'7'.repeat(64)}`;

const graph: ProjectGraph = normalize(
  factsOf(
    {
      'package.json': { name: 'sample', dependencies: { '@acme/lib': '^1.0.0', unlocked: '*' }, devDependencies: { jest: '^30.0.0' } },
      'package-lock.json': {
        lockfileVersion: 3,
        packages: {
          '': { dependencies: { '@acme/lib': '^1.0.0' } },
          'node_modules/@acme/lib': { version: '1.2.3', dependencies: { deep: '^2.0.0' } },
          'node_modules/deep': { version: '2.0.0' },
          'node_modules/jest': { version: '30.0.0', dev: true },
        },
      },
      'src/a.ts': ['@acme/lib'],
    },
    { aiUsage: [{ path: 'src/a.ts', calls: [{ provider: 'openai', sdk: 'openai', operation: 'client', line: 2, column: 1, model: null, guarded: 'unknown', evidence: [] }, { provider: 'openai', sdk: 'openai', operation: 'chat', line: 3, column: 1, model: 'gpt-5-mini', guarded: 'no', evidence: [] }] }] },
  ),
);

const SCHEMAS = join(dirname(createRequire(__filename).resolve('@cyclonedx/cyclonedx-library/package.json')), 'res/schema');
const schema = (name: string): object => JSON.parse(readFileSync(join(SCHEMAS, name), 'utf8')) as object;

function cycloneDxProblems(document: unknown): unknown {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  for (const part of ['spdx.SNAPSHOT.schema.json', 'jsf-0.82.SNAPSHOT.schema.json', 'cryptography-defs.SNAPSHOT.schema.json']) ajv.addSchema(schema(part), `http://cyclonedx.org/schema/${part}`);
  const validate = ajv.compile(schema('bom-1.6.SNAPSHOT.schema.json'));
  return validate(document) ? null : validate.errors;
}

const SPDX_ID = { type: 'string', pattern: '^SPDXRef-[A-Za-z0-9.-]+$' };
const LICENCE = { type: 'string', pattern: '^(?:NOASSERTION|NONE|[A-Za-z0-9.+() -]+)$' };
const TEXT = { type: 'string', minLength: 1 };
const strictly = (required: readonly string[], properties: object): object => ({ type: 'object', additionalProperties: false, required, properties });

/**
 * What SPDX 2.3 says of the parts that we write, as we read its clauses 6, 7 and 11: its schema is no part of any package on
 * npm. It is stricter than that one: forms of ids, times, namespaces and locators stand in the text of the specification alone.
 */
const SPDX = strictly(['spdxVersion', 'dataLicense', 'SPDXID', 'name', 'documentNamespace', 'creationInfo'], {
  spdxVersion: { const: 'SPDX-2.3' },
  dataLicense: { const: 'CC0-1.0' },
  SPDXID: { const: 'SPDXRef-DOCUMENT' },
  name: TEXT,
  documentNamespace: { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:[^#\\s]+$' },
  creationInfo: strictly(['created', 'creators'], {
    created: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$' },
    creators: { type: 'array', minItems: 1, items: { type: 'string', pattern: '^(?:Tool|Person|Organization): .+' } },
    comment: TEXT,
  }),
  documentDescribes: { type: 'array', items: SPDX_ID },
  packages: {
    type: 'array',
    items: strictly(['SPDXID', 'name', 'downloadLocation', 'filesAnalyzed'], {
      SPDXID: SPDX_ID,
      name: TEXT,
      versionInfo: TEXT,
      comment: TEXT,
      downloadLocation: { type: 'string', pattern: '^(?:NONE|NOASSERTION|[a-z][a-z0-9+.-]*:\\S+)$' },
      // 7.8 to 7.10, 7.14: what is said about files belongs to packages whose files were looked at, and ours never were.
      filesAnalyzed: { const: false },
      primaryPackagePurpose: { enum: ['APPLICATION', 'FRAMEWORK', 'LIBRARY', 'CONTAINER', 'OPERATING_SYSTEM', 'DEVICE', 'FIRMWARE', 'SOURCE', 'ARCHIVE', 'FILE', 'INSTALL', 'OTHER'] },
      licenseConcluded: LICENCE,
      licenseDeclared: LICENCE,
      copyrightText: TEXT,
      externalRefs: {
        type: 'array',
        items: strictly(['referenceCategory', 'referenceType', 'referenceLocator'], {
          referenceCategory: { const: 'PACKAGE-MANAGER' },
          referenceType: { const: 'purl' },
          referenceLocator: { type: 'string', pattern: '^pkg:[a-z]+/[A-Za-z0-9.%/_~!+@-]+$' },
        }),
      },
    }),
  },
  relationships: {
    type: 'array',
    items: strictly(['spdxElementId', 'relationshipType', 'relatedSpdxElement'], { spdxElementId: SPDX_ID, relationshipType: { enum: ['DESCRIBES', 'DEPENDS_ON'] }, relatedSpdxElement: SPDX_ID }),
  },
});

function spdxProblems(document: unknown): unknown {
  const validate = new Ajv().compile(SPDX);
  return validate(document) ? null : validate.errors;
}

interface Bom { serialNumber: string; components: { 'bom-ref': string; group?: string; name: string; version?: string; scope: string }[]; dependencies: { ref: string; dependsOn?: string[] }[]; services: { name: string; properties: object[] }[]; metadata: { timestamp: string }; compositions: object[] }

describe('a CycloneDX document', () => {
  const document = toCycloneDx(graph, HASH) as Bom;

  it('is valid by the schema of CycloneDX 1.6', () => {
    expect(cycloneDxProblems(document)).toBeNull();
    expect(cycloneDxProblems({ ...document, specVersion: 1 })).not.toBeNull();
  });

  it('holds every package with its edges, and the AI providers as services', () => {
    expect(document.components.map(({ 'bom-ref': ref, group, name, version, scope }) => [ref, group, name, version, scope])).toEqual([
      ['pkg:npm/%40acme/lib@1.2.3', '@acme', 'lib', '1.2.3', 'required'],
      ['pkg:npm/deep@2.0.0', undefined, 'deep', '2.0.0', 'required'],
      ['pkg:npm/jest@30.0.0', undefined, 'jest', '30.0.0', 'excluded'],
      ['pkg:npm/unlocked', undefined, 'unlocked', undefined, 'required'],
    ]);
    expect(document.dependencies).toEqual([
      { ref: `repository:${graph.repository.id}`, dependsOn: ['ai:openai', 'pkg:npm/%40acme/lib@1.2.3', 'pkg:npm/jest@30.0.0', 'pkg:npm/unlocked'] },
      { ref: 'pkg:npm/%40acme/lib@1.2.3', dependsOn: ['pkg:npm/deep@2.0.0'] },
      { ref: 'pkg:npm/deep@2.0.0' },
      { ref: 'pkg:npm/jest@30.0.0' },
      { ref: 'pkg:npm/unlocked' },
    ]);
    expect(document.services).toEqual([{ 'bom-ref': 'ai:openai', name: 'openai', properties: [{ name: 'granary:ai:calls', value: '1' }, { name: 'granary:ai:unguarded', value: '1' }, { name: 'granary:ai:model', value: 'gpt-5-mini' }] }]);
    expect(document.compositions).toEqual([{ aggregate: 'complete', dependencies: [`repository:${graph.repository.id}`] }]);
  });

  it('is the same for the same graph, and another for another', () => {
    expect(JSON.stringify(toCycloneDx(structuredClone(graph), HASH))).toBe(JSON.stringify(document));
    expect(document.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect((toCycloneDx(graph, `sha256:${'8'.repeat(64)}`) as Bom).serialNumber).not.toBe(document.serialNumber);
    expect(document.metadata.timestamp).toBe('2026-03-02T09:10:00.000Z');
  });
});

describe('an SPDX document', () => {
  const made = toSpdx(graph, HASH);
  const document = made as { packages: { SPDXID: string; name: string; externalRefs?: { referenceLocator: string }[] }[]; relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[]; creationInfo: { created: string } };

  it('is valid by the rules of SPDX 2.3', () => {
    expect(spdxProblems(made)).toBeNull();
    expect(spdxProblems(toSpdx({ ...graph, completeness: { ...graph.completeness, tier: 3 } }, HASH))).toBeNull();
  });

  it.each<[string, object]>([
    ['a field that SPDX does not know', { services: [] }],
    ['an id with a sign that ids must not have', { documentDescribes: ['SPDXRef-@acme/lib'] }],
    ['a time with fractions of a second', { creationInfo: { created: '2026-03-02T09:10:00.000Z', creators: ['Tool: granary'] } }],
    ['a namespace with a fragment', { documentNamespace: 'urn:granary:sbom:1#a' }],
    ['a relation that SPDX does not know', { relationships: [{ spdxElementId: 'SPDXRef-DOCUMENT', relationshipType: 'CALLS', relatedSpdxElement: 'SPDXRef-Repository' }] }],
    ['a package without a download location', { packages: [{ SPDXID: 'SPDXRef-a', name: 'a', filesAnalyzed: false }] }],
    ['a package whose files were not looked at, and has some', { packages: [{ SPDXID: 'SPDXRef-a', name: 'a', downloadLocation: 'NOASSERTION', filesAnalyzed: false, hasFiles: ['SPDXRef-b'] }] }],
    ['a package URL with a space', { packages: [{ SPDXID: 'SPDXRef-a', name: 'a', downloadLocation: 'NOASSERTION', filesAnalyzed: false, externalRefs: [{ referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: 'pkg:npm/a b' }] }] }],
  ])('would not be with %s', (_, wrong) => {
    expect(spdxProblems({ ...made, ...wrong })).not.toBeNull();
  });

  it('has an id for every element, and relations between these alone', () => {
    const ids = ['SPDXRef-DOCUMENT', ...document.packages.map(({ SPDXID }) => SPDXID)];
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
    for (const { spdxElementId, relatedSpdxElement } of document.relationships) expect(ids).toEqual(expect.arrayContaining([spdxElementId, relatedSpdxElement]));
    expect(document.creationInfo.created).toBe('2026-03-02T09:10:00Z');
  });

  it('holds every package with its edges', () => {
    const names = new Map(document.packages.map(({ SPDXID, name }) => [SPDXID, name]));
    expect(document.packages.map(({ name, externalRefs }) => [name, externalRefs?.[0]?.referenceLocator])).toEqual([
      ['sample', undefined],
      ['@acme/lib', 'pkg:npm/%40acme/lib@1.2.3'],
      ['deep', 'pkg:npm/deep@2.0.0'],
      ['jest', 'pkg:npm/jest@30.0.0'],
      ['unlocked', 'pkg:npm/unlocked'],
    ]);
    expect(document.relationships.filter(({ relationshipType }) => relationshipType === 'DEPENDS_ON').map(({ spdxElementId, relatedSpdxElement }) => [names.get(spdxElementId), names.get(relatedSpdxElement)])).toEqual([
      ['sample', '@acme/lib'],
      ['sample', 'jest'],
      ['sample', 'unlocked'],
      ['@acme/lib', 'deep'],
    ]);
  });

  it.each<[string, Partial<ProjectGraph['completeness']>]>([
    ['only a light scan was possible', { tier: 3 }],
    ['folders with dependencies and no lock file: 2', { missingLocks: ['a', 'b'] }],
    ['manifests or lock files that could not be read: 2', { skipped: ['pom.xml', 'a/requirements-dev.txt'].map((path) => ({ path, reason: 'unreadable' })) }],
  ])('says that %s', (gap, completeness) => {
    const lacking: ProjectGraph = { ...graph, completeness: { ...graph.completeness, ...completeness } };
    expect(toSpdx(lacking, HASH)).toMatchObject({ creationInfo: { comment: `Incomplete: ${gap}.` } });
    expect(toCycloneDx(lacking, HASH)).toMatchObject({ compositions: [{ aggregate: 'incomplete' }] });
  });

  it('lacks nothing where what is not read asks for nothing', () => {
    const skipped = [{ path: 'src/huge.ts', reason: 'minified' }, { path: 'vendor/a/package.json', reason: 'vendored' }, { path: 'package.json', reason: 'symlink' }];
    expect(toSpdx({ ...graph, completeness: { ...graph.completeness, skipped } }, HASH)).toEqual(toSpdx(graph, HASH));
  });
});
