import { resolve } from 'node:path';
import type { HarvesterGateSetRequest } from '@granary/contracts';
import type { Call, CommandSpec } from '../shell/command';
import { parseOneOf } from '../shell/input';
import { GATE_MODES, renderGate } from './gate';
import { readRules } from './read-file.client';

export const secretsGate: CommandSpec = {
  name: 'secrets gate',
  summary: 'show how the secrets gate is set, or set its mode and its own rules',
  details: 'The file of --rules holds all rules of your own, an empty list takes them away. What is not given stays. After a change every repository is read again as it is polled.',
  options: [
    { flags: '--mode <mode>', describe: 'warn: report secrets; block: also withhold commits with open ones of high severity' },
    { flags: '--rules <file>', describe: 'a JSON list of { id, pattern, keywords, severity, title, entropy, flags }; try it with `granary secrets scan --rules`' },
  ],
  examples: ['secrets gate', 'secrets gate --mode block', 'secrets gate --rules secret-rules.json --json'],
  async run(call) {
    const { client, shell, style } = call;
    const changes = changesOf(call);
    const rpc = await client();
    if (changes === null) {
      const gate = await rpc.call('harvester.gate.show', {});
      return { data: gate, text: renderGate(gate, shell.now(), style) };
    }
    const gate = await rpc.call('harvester.gate.set', changes);
    return { data: gate, text: `${renderGate(gate, shell.now(), style)}\n\nThe gate is set; every repository is read again as it is polled.` };
  },
};

function changesOf({ input, shell }: Call): HarvesterGateSetRequest | null {
  const [mode, rules] = [input.text('mode'), input.text('rules')];
  if (mode === undefined && rules === undefined) return null;
  return {
    ...(mode === undefined ? {} : { mode: parseOneOf(mode, GATE_MODES) }),
    ...(rules === undefined ? {} : { rules: readRules(resolve(shell.callerFolder, rules)).map(({ keywords, ...rule }) => ({ ...rule, ...(keywords === undefined ? {} : { keywords: [...keywords] }) })) }),
  };
}
