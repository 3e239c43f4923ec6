import { graphIn, readGraph } from '../graph/read-graph.client';
import type { CommandSpec } from '../shell/command';
import { writeOutput } from '../shell/deliver.client';
import { parseOneOf } from '../shell/input';
import { renderSbom, SBOM_FORMATS, sbomWarning } from './sbom';

export const sbom: CommandSpec = {
  name: 'sbom',
  args: '<repo>',
  summary: 'print the bill of material of a repository as CycloneDX or SPDX',
  details: 'CycloneDX 1.6 and SPDX 2.3, both as JSON, also without --json. The same graph gives the same bytes.',
  options: [
    { flags: '--format <format>', describe: 'cyclonedx or spdx (default: cyclonedx)' },
    { flags: '--commit <commit>', describe: 'of the graph of this commit (default: the newest)' },
    { flags: '--output <file>', describe: 'write it to a file instead of standard output' },
  ],
  examples: ['sbom undici', 'sbom . --format spdx --output sbom.spdx.json', 'sbom undici --commit 9fceb02d0ae598e95dc970b74767f19372d61af8'],
  async run(call) {
    const { input, note, progress, shell } = call;
    const format = parseOneOf(input.text('format') ?? 'cyclonedx', SBOM_FORMATS);
    const stored = await readGraph(call);
    const graph = graphIn(stored);
    const text = renderSbom(format, graph, stored.graphHash);
    const warning = sbomWarning(graph);
    if (warning !== null) note(warning);
    const output = input.text('output');
    if (output !== undefined) return writeOutput(call, output, format, Buffer.from(text));
    progress.end();
    shell.stdout.write(text);
    return null;
  },
};
