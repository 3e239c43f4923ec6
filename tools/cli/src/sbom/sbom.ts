import type { ProjectGraph } from '@granary/contracts';
import { toCycloneDx, toSpdx, unreadManifests } from '@granary/graph';
import { toJson } from '../shell/json';
import { printable } from '../shell/style';

export const SBOM_FORMATS = ['cyclonedx', 'spdx'] as const;
export type SbomFormat = (typeof SBOM_FORMATS)[number];

/** The bill of material of a graph, with a line end. The same graph gives the same bytes. */
export function renderSbom(format: SbomFormat, graph: ProjectGraph, graphHash: string): string {
  return `${toJson(format === 'cyclonedx' ? toCycloneDx(graph, graphHash) : toSpdx(graph, graphHash), 2)}\n`;
}

/** What a bill of material lacks, and what to do about it; null when it lacks nothing. */
export function sbomWarning(graph: ProjectGraph): string | null {
  const said = [withoutLocks(graph.completeness.missingLocks.length), withUnread(unreadManifests(graph))].filter((sentence) => sentence !== null);
  return said.length === 0 ? null : said.join(' ');
}

function withoutLocks(folders: number): string | null {
  if (folders === 0) return null;
  const where = folders === 1 ? 'One folder has' : `${folders} folders have`;
  return `${where} dependencies without a lock file, so that their versions are not known and what they bring along is missing. Commit the lock file; \`granary graph show\` names the folders in completeness.missingLocks.`;
}

function withUnread(paths: readonly string[]): string | null {
  const [first] = paths;
  if (first === undefined) return null;
  const which = paths.length === 1 ? `${printable(first)} could` : `${paths.length} manifests or lock files, ${printable(first)} among them, could`;
  return `${which} not be read, so that what is asked for there is missing. \`granary graph show\` says why in completeness.skipped.`;
}
