import type { ProjectGraph } from '@granary/contracts';
import { toCycloneDx, toSpdx } from '@granary/graph';
import { toJson } from '../shell/json';

export const SBOM_FORMATS = ['cyclonedx', 'spdx'] as const;
export type SbomFormat = (typeof SBOM_FORMATS)[number];

/** The bill of material of a graph, with a line end. The same graph gives the same bytes. */
export function renderSbom(format: SbomFormat, graph: ProjectGraph, graphHash: string): string {
  return `${toJson(format === 'cyclonedx' ? toCycloneDx(graph, graphHash) : toSpdx(graph, graphHash), 2)}\n`;
}

/** What a bill of material lacks, and what to do about it; null when it lacks nothing. */
export function sbomWarning({ completeness: { missingLocks } }: ProjectGraph): string | null {
  if (missingLocks.length === 0) return null;
  const where = missingLocks.length === 1 ? 'One folder has' : `${missingLocks.length} folders have`;
  return `${where} dependencies without a lock file, so that their versions are not known and what they bring along is missing. Commit the lock file; \`granary graph show\` names the folders in completeness.missingLocks.`;
}
