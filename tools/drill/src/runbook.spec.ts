import { simpleCommands } from './commands.ts';
import { lastDrillText, renderResults } from './figures.ts';
import type { DrillResult } from './figures.ts';
import { commandsFor, fillIn, placeholdersOf, readRunbook, withLastDrill } from './runbook.ts';
import { renderIndex, withIndex } from './runbook-index.ts';

const RUNBOOK = `# EventsDead

Owner: owner of the event path · Last drill: never

## What you see

See [the other](EventsHeld.md#impact).

\`\`\`sh diagnose
# Comments are not run.
npx granary held list \\
  --state dead
\`\`\`

\`\`\`text
consumer  position
\`\`\`

## Mitigation

\`\`\`sh mitigate otherwise
npx granary held redrive <consumer> <position>
\`\`\`

\`\`\`bash
anything
\`\`\`
`;

it('reads a runbook', () => {
  expect(readRunbook(RUNBOOK)).toEqual({
    title: 'EventsDead',
    owner: 'owner of the event path',
    lastDrill: 'never',
    sections: ['What you see', 'Mitigation'],
    blocks: [
      { role: 'diagnose', otherwise: false, commands: ['npx granary held list    --state dead'], line: 9 },
      { role: 'mitigate', otherwise: true, commands: ['npx granary held redrive <consumer> <position>'], line: 21 },
    ],
    links: [{ target: 'EventsHeld.md#impact', line: 7 }],
    unknownFences: [{ info: 'bash', line: 25 }],
  });
});

it('leaves ways for another cause out, unless one is named', () => {
  const { blocks } = readRunbook(RUNBOOK);
  expect(commandsFor(blocks, 'mitigate')).toEqual([]);
  expect(commandsFor(blocks, 'mitigate', /held discard/)).toEqual([]);
  expect(commandsFor(blocks, 'mitigate', /held redrive/)).toEqual(['npx granary held redrive <consumer> <position>']);
  expect(commandsFor(blocks, 'diagnose')).toHaveLength(1);
});

it('fills placeholders in, and refuses to guess', () => {
  expect(placeholdersOf('npx granary held redrive <consumer> <position>')).toEqual(['consumer', 'position']);
  expect(fillIn('held redrive <consumer> <position>', { consumer: 'normalizer', position: '7' })).toBe('held redrive normalizer 7');
  expect(() => fillIn('kill <pid>', {})).toThrow('nothing says what <pid> is in: kill <pid>');
});

it('notes a drill in the runbook and in the index', () => {
  const drilled = withLastDrill(RUNBOOK, '2026-03-02, alert after 1.0 s');
  expect(readRunbook(drilled)).toMatchObject({ owner: 'owner of the event path', lastDrill: '2026-03-02, alert after 1.0 s' });
  const table = renderIndex([{ name: 'EventsDead', book: readRunbook(drilled) }]);
  const before = 'Before.\n\n| runbook | owner | last drill |\n|---|---|---|\n| [Old](Old.md) | x | never |\n\nBehind.\n';
  expect(withIndex(before, table)).toBe('Before.\n\n| runbook | owner | last drill |\n|---|---|---|\n| [EventsDead](EventsDead.md) | owner of the event path | 2026-03-02, alert after 1.0 s |\n\nBehind.\n');
});

it.each([
  ['npx granary held list | head -n 3', [['npx', 'granary', 'held', 'list'], ['head', '-n', '3']]],
  [`kill -KILL "$(pid_of audit)" $(pgrep -P "$(pid_of postgres)")`, [['pid_of', 'audit'], ['pid_of', 'postgres'], ['pgrep', '-P', '$(pid_of postgres)'], ['kill', '-KILL', '$(pid_of audit)', '$(…)']]],
  ["psql \"$DATABASE\" -c 'select 1; select 2' > out.txt 2>&1", [['psql', '$DATABASE', '-c', 'select 1; select 2']]],
  ['until curl -fsS "$AUDIT/health/ready"; do sleep 1; done', [['until', 'curl', '-fsS', '$AUDIT/health/ready'], ['do', 'sleep', '1'], ['done']]],
])('finds the commands in %s', (line, expected) => {
  expect(simpleCommands(line)).toEqual(expected);
});

const RESULT: DrillResult = { drill: 'EventsDead', runbook: 'EventsDead', alert: 'EventsDead', alertMs: 8_140, resolvedMs: 21_400, timeScale: 60, commands: 5, problem: null, leftOut: null };
const SILENT: DrillResult = { ...RESULT, drill: 'Z', alert: null, alertMs: null, resolvedMs: 12_300 };

it('tells what drills came to', () => {
  expect(renderResults([RESULT, { ...RESULT, drill: 'X', alertMs: null, resolvedMs: null, commands: 0, problem: 'no alert\nmore' }, { ...RESULT, drill: 'Y', leftOut: 'needs root' }, SILENT]).split('\n').map((line) => line.trimEnd())).toEqual([
    'drill       alert       fault to alert  to its end  commands  outcome',
    'EventsDead  EventsDead  8.1 s           21.4 s      5         ok',
    'X           EventsDead  –               –           0         no alert',
    'Y           EventsDead  8.1 s           21.4 s      5         left out: needs root',
    'Z           none        –               12.3 s      5         ok',
  ]);
  expect(lastDrillText(RESULT, '2026-03-02')).toBe('2026-03-02, alert after 8.1 s, resolved 21.4 s later (durations of rules divided by 60)');
  expect(lastDrillText(SILENT, '2026-03-02')).toBe('2026-03-02, over 12.3 s after the fault');
});
