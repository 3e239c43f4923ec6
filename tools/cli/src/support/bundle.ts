import { createHash } from 'node:crypto';
import { toJson } from '../shell/json';
import type { Scrub } from './scrub';
import { tarArchive, type TarFile } from './tar';

/** What was collected of one thing; what could not be got has no text. */
export type Part = { path: string; text: string } | { path: string; why: string };

export interface BundleFacts {
  /** The folder that everything in the archive lies in. */
  name: string;
  granary: string;
  madeAt: Date;
  since: Date;
  /** Where it was looked: a data folder, or that it runs elsewhere. */
  of: string;
}

/** What is in a bundle, as its `manifest.json` says and --json prints. */
export interface Manifest {
  format: 1;
  granary: string;
  madeAt: string;
  since: string;
  of: string;
  files: { path: string; bytes: number; sha256: string }[];
  missing: { path: string; why: string }[];
}

/** The archive, uncompressed, and what is in it. Every text goes through `scrub`, also why something is missing. */
export function bundle(parts: readonly Part[], scrub: Scrub, { name, granary, madeAt, since, of }: BundleFacts): { archive: Buffer; manifest: Manifest } {
  const files: TarFile[] = parts.flatMap((part) => ('text' in part ? [{ path: part.path, content: Buffer.from(scrub(part.path, part.text)) }] : []));
  const missing = parts.flatMap((part) => ('why' in part ? [{ path: part.path, why: scrub('why.txt', part.why) }] : []));
  const readme: TarFile = { path: 'README.md', content: Buffer.from(renderReadme({ granary, madeAt, since, of }, missing)) };
  const listed = [readme, ...files].map(({ path, content }) => ({ path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') }));
  const manifest: Manifest = { format: 1, granary, madeAt: madeAt.toISOString(), since: since.toISOString(), of, files: listed, missing };
  const all = [readme, { path: 'manifest.json', content: Buffer.from(`${toJson(manifest, 2)}\n`) }, ...files];
  return { archive: tarArchive(all.map(({ path, content }) => ({ path: `${name}/${path}`, content })), madeAt), manifest };
}

function renderReadme({ granary, madeAt, since, of }: Omit<BundleFacts, 'name'>, missing: Manifest['missing']): string {
  return `# Evidence of a Granary

Made by \`granary support-bundle\` (${granary}) at ${madeAt.toISOString()}, of ${of}. Logs since ${since.toISOString()}.

| | |
|---|---|
| \`doctor.txt\`, \`doctor.json\` | what \`granary doctor\` found: begin here |
| \`services/<name>.status.json\`, \`.metrics.txt\` | what each service says of itself: health, migrations, figures |
| \`logs/<name>.log\` | the end of each log |
| \`configuration/\` | settings of each process, and how the platform is reached |
| \`broker/\` | server, connections, stream and consumers, as the broker's monitoring tells |
| \`lists/\` | held and refused events without their bodies, replays, jobs, repositories, backups, cycles of the cache |
| \`machine.json\`, \`versions.json\` | disk, memory, processes; versions of everything |
| \`manifest.json\` | every file with its size and SHA-256, and what could not be got |

What looks like a credential, and every credential that was known where this was made, is \`[redacted]\`. No event's body, no file of a repository and no row of the database is in it. Names of tenants, repositories, modules and people may be: give it only to whom you may show those.

${missing.length === 0 ? 'Nothing is missing.' : `Could not be got:\n\n${missing.map(({ path, why }) => `- \`${path}\`: ${why.replace(/\s+/g, ' ')}`).join('\n')}`}
`;
}
