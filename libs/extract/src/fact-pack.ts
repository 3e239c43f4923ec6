import type { FactFile, FactPack, LanguageShare } from '@granary/contracts';
import type { Fact, FactKey } from './facts';
import type { Found } from './findings';
import { isModuleGraph } from './own-artifacts/accept';
import type { Change } from '@granary/git';
import type { ScannedFile } from './scan';

export const FACTS_MEDIA_TYPE = 'application/vnd.granary.facts+json;version=1';
export const CHANGES_MEDIA_TYPE = 'application/vnd.granary.changed-paths+json;version=1';

export interface PackInput extends Pick<FactPack, 'repositoryId' | 'name' | 'commit' | 'committedAt' | 'ref' | 'tier' | 'tierReasons'> {
  /** Every path of the tree, in git's order, which is the order of their UTF-8 bytes. */
  readonly files: readonly ScannedFile[];
  readonly facts: ReadonlyMap<string, Fact>;
  readonly found: Pick<Found, 'findings' | 'aiUsage'>;
  readonly languages: readonly LanguageShare[];
}

/**
 * The text of a fact pack (`granary:shape/fact-pack`), piece by piece. Facts are JSON text already and go in as they are,
 * so that a pack of 100,000 files costs neither parsing nor a second copy of all objects.
 */
export function* factPackText(pack: PackInput): Generator<string> {
  const { repositoryId, name, commit, committedAt, ref, tier, tierReasons, files, languages } = pack;
  const head = JSON.stringify({ version: 1, repositoryId, name, commit, committedAt, ref, tier, tierReasons });
  yield `${head.slice(0, -1)},"files":[`;
  yield* separated(files, (file) => JSON.stringify({ path: file.path, blob: file.blob, bytes: file.bytes, language: file.language, skipped: skippedOf(file, pack), tier: tierOf(file, pack) }));
  yield '],"modules":[';
  yield* separated(files, (file) => moduleText(file, pack));
  yield '],"manifests":[';
  yield* separated(files, (file) => manifestText(file, pack));
  yield '],"findings":[';
  yield* separated(pack.found.findings, (finding) => JSON.stringify(finding));
  yield '],"aiUsage":[';
  yield* separated(pack.found.aiUsage, (usage) => JSON.stringify(usage));
  yield `],"languages":${JSON.stringify(languages)}}`;
}

/** The text of the paths that differ between two commits, sorted by path. */
export function* changesText(base: string, commit: string, changes: readonly Change[]): Generator<string> {
  yield `{"version":1,"base":${JSON.stringify(base)},"commit":${JSON.stringify(commit)},"changes":[`;
  yield* separated(changes, (change) => JSON.stringify(change));
  yield ']}';
}

function skippedOf({ skipped, wants, own }: ScannedFile, { facts }: PackInput): string | null {
  if (own !== undefined) return null;
  const fact = wants && facts.get(wants.text);
  return fact?.state === 'skipped' ? fact.reason : skipped;
}

function moduleText({ path, blob, wants, own }: ScannedFile, { facts }: PackInput): string | null {
  if (own !== undefined) return `{"path":${JSON.stringify(path)},"blob":"${blob}","provenance":${JSON.stringify(own.provenance)},${own.body.slice(1)}`;
  const body = wants?.key.kind === 'module' ? bodyOf(facts.get(wants.text)) : null;
  return body === null ? null : `{"path":${JSON.stringify(path)},"blob":"${blob}",${body.slice(1)}`;
}

// Whether a fact was known already is not told here: the same commit has the same pack, however much of it was new.
function tierOf({ wants, own }: ScannedFile, { facts }: PackInput): FactFile['tier'] {
  if (own !== undefined) return 1;
  const fact = wants && facts.get(wants.text);
  if (!wants || wants.key.kind === 'text' || fact?.state !== 'analysed') return null;
  return fact.light === null ? 2 : 3;
}

/** The body is an object, and its fields follow those of the path. */
function manifestText({ path, wants }: ScannedFile, { facts }: PackInput): string | null {
  // A module graph has become modules already.
  if (wants !== null && isModuleGraph(wants.key)) return null;
  const body = wants?.key.kind === 'manifest' ? bodyOf(facts.get(wants.text)) : null;
  return body === null || !wants ? null : `{"path":${JSON.stringify(path)},"kind":${JSON.stringify(classOf(wants.key))},${body.slice(1)}`;
}

const classOf = ({ pathClass }: FactKey): string => pathClass.slice(0, pathClass.indexOf('/'));

const bodyOf = (fact: Fact | undefined): string | null => (fact?.state === 'analysed' ? fact.body : null);

function* separated<T>(items: readonly T[], text: (item: T) => string | null): Generator<string> {
  let separator = '';
  for (const item of items) {
    const one = text(item);
    if (one === null) continue;
    yield separator + one;
    separator = ',';
  }
}
