import type { ProjectGraph } from '@granary/contracts';
import { Fault } from '@granary/faults';
import { requireRepository } from '../repos/find-repository.client';
import type { Answer, Call, CommandSpec } from '../shell/command';
import { writeOutput } from '../shell/deliver.client';
import { parseOneOf } from '../shell/input';
import { toJson } from '../shell/json';
import { usageFault } from '../shell/problem';
import { renderDot } from './dot';
import { GRAPH_FORMATS, type GraphFormat, renderCycles, renderDependents, sizeWarning } from './graph';
import { renderMermaid } from './mermaid';
import { pictureOf, sizeOf } from './picture';
import { graphIn, readGraph } from './read-graph.client';

export const graphShow: CommandSpec = {
  name: 'graph show',
  args: '<repo>',
  summary: 'print the graph of a repository as JSON, or as a drawing for Graphviz or Mermaid',
  details: 'JSON is the canonical graph as the normalizer made it. With --json a drawing comes as {"format","text"}.',
  options: [
    { flags: '--format <format>', describe: 'json, dot or mermaid (default: json)' },
    { flags: '--commit <commit>', describe: 'the graph of this commit (default: the newest)' },
    { flags: '--under <folder>', describe: 'draw only the files below this folder (dot and mermaid)' },
    { flags: '--output <file>', describe: 'write it to a file instead of standard output' },
  ],
  examples: ['graph show undici', 'graph show undici --format dot --under lib --output undici.dot', 'graph show . --format mermaid'],
  async run(call) {
    const format = parseOneOf(call.input.text('format') ?? 'json', GRAPH_FORMATS);
    const under = call.input.text('under') ?? null;
    if (format === 'json' && under !== null) throw usageFault('--under is for drawings; use it with --format dot or --format mermaid.');
    const stored = await readGraph(call);
    return deliver(call, format, format === 'json' ? stored.bytes : Buffer.from(draw(call, format, graphIn(stored), under)));
  },
};

export const graphDependents: CommandSpec = {
  name: 'graph dependents',
  args: '<repo> <target>',
  summary: 'list the modules that import a module, or use a package',
  options: [{ flags: '--transitive', describe: 'also those that depend on it through others' }],
  examples: ['graph dependents undici lib/core/util.js', 'graph dependents . commander --transitive'],
  async run(call) {
    const { repositoryId: repository } = await requireRepository(call, call.input.arg('repo'));
    const transitive = call.input.flag('transitive');
    const found = await (await call.client()).call('normalizer.graph.dependents', { repository, target: call.input.arg('target'), transitive });
    return { data: found, text: renderDependents(found, transitive, call.style) };
  },
};

export const graphCycles: CommandSpec = {
  name: 'graph cycles',
  args: '<repo>',
  summary: 'list the import cycles of a repository',
  examples: ['graph cycles undici'],
  async run(call) {
    const { repositoryId: repository } = await requireRepository(call, call.input.arg('repo'));
    const found = await (await call.client()).call('normalizer.graph.cycles', { repository });
    return { data: found, text: renderCycles(found.cycles, call.style) };
  },
};

function draw({ note }: Call, format: Exclude<GraphFormat, 'json'>, graph: ProjectGraph, under: string | null): string {
  const picture = pictureOf(graph, under);
  const size = sizeOf(picture);
  if (size.files === 0 && under !== null) throw Fault.permanent('folder-not-found', `The graph has no file below '${under}'; folders are written from the root of the repository.`);
  const text = format === 'dot' ? renderDot(picture) : renderMermaid(picture);
  const warning = sizeWarning(format, size, text.length);
  if (warning) note(warning);
  return text;
}

async function deliver(call: Call, format: GraphFormat, bytes: Buffer): Promise<Answer | null> {
  const { input, json, shell, progress } = call;
  const output = input.text('output');
  if (output !== undefined) return writeOutput(call, output, format, bytes);
  const text = bytes.toString('utf8').trimEnd();
  progress.end();
  // The canonical graph goes out byte by byte as it is; pretty-printing it would change what its digest names.
  shell.stdout.write(`${json && format !== 'json' ? toJson({ format, text }) : text}\n`);
  return null;
}
