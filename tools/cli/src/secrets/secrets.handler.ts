import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Baseline, createBaseline, createSecretScanner, parseBaseline, renderBaseline, type SecretScanner } from '@granary/secrets';
import { version } from '../../package.json';
import type { Answer, Call, CommandSpec } from '../shell/command';
import { formatCount } from '../shell/format';
import { parseInteger, parseOneOf } from '../shell/input';
import { toJson } from '../shell/json';
import { readText } from '../shell/read-text.client';
import { openSource, type Source } from './files.client';
import { readRules } from './read-file.client';
import { isAtLeast, remaining, renderReport, reportJson, type SecretsReport } from './report';
import { toSarif } from './sarif';
import { judge, scanFile, type ScannedFile } from './scan';

const FORMATS = ['human', 'json', 'sarif'] as const;
const SEVERITIES = ['low', 'medium', 'high'] as const;
const DEFAULT_MEGABYTES = 10;
/** Longest time without a look at Ctrl-C and a step of progress. */
const TURN_MS = 50;

export const secretsScan: CommandSpec = {
  name: 'secrets scan',
  args: '<path>',
  summary: 'look for secrets in a file, a folder or a git repository; needs no running platform',
  details: [
    'Of a git work tree it reads what git tracks or does not ignore, of a bare repository HEAD, of any other folder every file. Links are not followed. The secret itself is never printed.',
    'Exit code 7 when secrets of medium or high severity (see --fail-on) remain that no comment `granary:allow secret(<rule>) <reason>` and no baseline allows.',
  ].join('\n'),
  options: [
    { flags: '--format <format>', describe: 'human, json or sarif (default: human)' },
    { flags: '--baseline <file>', describe: 'accept the findings of this file' },
    { flags: '--write-baseline <file>', describe: 'write what was found to a file, as accepted; reasons in --baseline are kept' },
    { flags: '--rules <file>', describe: 'search for more kinds of secrets: a JSON list of { id, pattern, keywords, severity, title, entropy, flags }' },
    { flags: '--min-severity <severity>', describe: 'low, medium or high: leave out what is below (default: low)' },
    { flags: '--fail-on <severity>', describe: 'low, medium or high: exit with 7 when there is one as severe (default: medium)' },
    { flags: '--max-size <MB>', describe: `larger files are named, not scanned (default: ${DEFAULT_MEGABYTES})` },
  ],
  examples: ['secrets scan .', 'secrets scan . --format sarif', 'secrets scan src --min-severity high --json', 'secrets scan . --write-baseline .secrets-baseline.json', 'secrets scan . --baseline .secrets-baseline.json --rules secret-rules.json'],
  async run(call) {
    const choices = readChoices(call);
    const { source, scanner, baseline, key } = await prepare(call, choices);
    const { parts, skipped, bytes } = await scanAll(call, source, scanner, key);
    const found = parts.flatMap(({ findings }) => findings);
    const { findings, stale } = judge(found, choices.least, baseline, source.prefix);
    const report: SecretsReport = {
      root: source.root, version: scanner.version, rules: scanner.rules, findings, stale, skipped, bytes,
      ignoredAllows: parts.flatMap(({ ignoredAllows }) => ignoredAllows),
      overBudget: parts.flatMap(({ overBudget }) => overBudget),
      files: parts.length,
      binaryFiles: parts.filter(({ isBinary }) => isBinary).length,
      comparable: baseline?.key != null || choices.writeTo !== null,
    };
    if (choices.writeTo !== null) return writeBaseline(choices.writeTo, createBaseline(findings, key.toString('hex'), baseline), report);
    return answerOf(call, choices, report);
  },
};

interface Choices {
  format: (typeof FORMATS)[number];
  least: (typeof SEVERITIES)[number];
  failOn: (typeof SEVERITIES)[number];
  maxBytes: number;
  baselinePath: string | null;
  writeTo: string | null;
  rulesPath: string | null;
}

function readChoices({ input, shell }: Call): Choices {
  const file = (option: string): string | null => {
    const path = input.text(option);
    return path === undefined ? null : resolve(shell.callerFolder, path);
  };
  return {
    format: parseOneOf(input.text('format') ?? 'human', FORMATS),
    least: parseOneOf(input.text('minSeverity') ?? 'low', SEVERITIES),
    failOn: parseOneOf(input.text('failOn') ?? 'medium', SEVERITIES),
    maxBytes: parseInteger(input.text('maxSize') ?? String(DEFAULT_MEGABYTES), { min: 1, max: 1_000 }) * 1_000_000,
    baselinePath: file('baseline'),
    writeTo: file('writeBaseline'),
    rulesPath: file('rules'),
  };
}

async function prepare({ input, shell, signal }: Call, { baselinePath, rulesPath, writeTo, maxBytes }: Choices): Promise<{ source: Source; scanner: SecretScanner; baseline: Baseline | null; key: Buffer }> {
  const baseline = baselinePath === null ? null : parseBaseline(readText(baselinePath, '--baseline'));
  const scanner = createSecretScanner(rulesPath === null ? {} : { custom: readRules(rulesPath) });
  const except = [baselinePath, writeTo].filter((path) => path !== null);
  const source = await openSource(resolve(shell.callerFolder, input.arg('path')), { maxBytes, except, env: shell.env, signal });
  return { source, scanner, baseline, key: baseline?.key ? Buffer.from(baseline.key, 'hex') : randomBytes(32) };
}

async function scanAll({ progress, signal }: Call, source: Source, scanner: SecretScanner, key: Buffer): Promise<{ parts: ScannedFile[]; skipped: SecretsReport['skipped']; bytes: number }> {
  const parts: ScannedFile[] = [];
  const skipped: { path: string; reason: 'too large' | 'unreadable' }[] = [];
  let bytes = 0;
  let turn = performance.now();
  for await (const { path, content } of source.contents()) {
    if (typeof content === 'string') skipped.push({ path, reason: content });
    else {
      parts.push(scanFile(scanner, key, path, content));
      bytes += content.length;
    }
    if (performance.now() - turn < TURN_MS) continue;
    progress.show({ label: 'scanning file', done: parts.length, total: source.count });
    await setImmediate();
    signal.throwIfAborted();
    turn = performance.now();
  }
  return { parts, skipped, bytes };
}

function writeBaseline(path: string, baseline: Baseline, { skipped }: SecretsReport): Answer {
  // It holds the key of its hashes, so it is for those only who may read the code.
  writeFileSync(path, renderBaseline(baseline), { mode: 0o600 });
  const entries = baseline.entries.length;
  return {
    data: { baseline: path, entries, skipped },
    text: `Wrote ${formatCount(entries)} ${entries === 1 ? 'finding' : 'findings'} to ${path}. Say in "reason" why each may stay, and use it with --baseline.`,
  };
}

function answerOf({ style, json }: Call, { format, failOn }: Choices, report: SecretsReport): Answer {
  const data = format === 'sarif' ? toSarif(report, version) : reportJson(report);
  const text = json ? '' : format === 'human' ? renderReport(report, style) : toJson(data, 2);
  return { data, text, outcome: remaining(report.findings).some(({ severity }) => isAtLeast(severity, failOn)) ? 'findings' : 'ok' };
}
