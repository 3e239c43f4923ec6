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
    { aiUsage: [{ path: 'src/a.ts', calls: [{ provider: 'openai', sdk: 'openai', operation: 'chat', line: 3, column: 1, model: 'gpt-5-mini', guarded: 'no', evidence: [] }] }] },
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
  const document = toSpdx(graph, HASH) as { packages: { SPDXID: string; name: string; externalRefs?: { referenceLocator: string }[] }[]; relationships: { spdxElementId: string; relationshipType: string; relatedSpdxElement: string }[]; creationInfo: { created: string } };

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

  it('says when it is incomplete', () => {
    const light: ProjectGraph = { ...graph, completeness: { ...graph.completeness, tier: 3 } };
    expect(toSpdx(light, HASH)).toMatchObject({ creationInfo: { comment: expect.stringContaining('Incomplete') } });
    expect(toCycloneDx(light, HASH)).toMatchObject({ compositions: [{ aggregate: 'incomplete' }] });
  });
});
