import { stringify } from 'yaml';
import { alertRules } from './alert-rules';
import { readAlerts } from './alert-source';
import { alertTests } from './alert-tests';
import { wrong } from './checked';
import { allowedShare, readObjective, type Objective } from './objective';
import { objectiveRules } from './objective-rules';
import { objectiveTests } from './objective-tests';
import type { RuleGroup } from './rule';

/** Files by their path: sources below deploy/, what is generated below the root. */
export type Files = Readonly<Record<string, string>>;

/** Where everything that is generated lies. */
export const GENERATED = '{deploy/prometheus/{rules,tests}/*.yaml,libs/observability/src/generated/objectives.ts}';

export interface GenerateOptions {
  /** What the addresses of runbooks begin with. */
  readonly runbooks?: string;
}

const HEAD = (from: string) => `# Generated from ${from} by \`npm run generate\`; never edited by hand.\n`;

/**
 * Rules and their tests, from the sources below deploy/slo and deploy/alerts.
 * @throws Fault `invalid-rule-source`, which names file, place and what belongs there
 */
export function generateRules(sources: Files, { runbooks = 'docs/runbooks/' }: GenerateOptions = {}): Files {
  const runbook = (alert: string): string => `${runbooks}${alert}.md`;
  const objectives = named(sources, 'slo/').map(([file, text]) => ({ file, ...readObjective(text, `deploy/${file}`) }));
  for (const { file, name } of objectives) if (file !== `slo/${name}.yaml`) throw wrong(`deploy/${file}`, [`its name is '${name}'; a file is named like what is in it`]);
  const alerts = named(sources, 'alerts/').map(([file, text]) => ({ file, source: readAlerts(text, `deploy/${file}`) }));
  for (const { file, source } of alerts) if (file !== `alerts/${source.group}.yaml`) throw wrong(`deploy/${file}`, [`its group is '${source.group}'; a file is named like what is in it`]);
  const twice = repeated(alerts.flatMap(({ source }) => source.alerts.map(({ alert }) => alert)));
  if (twice !== undefined) throw wrong('deploy/alerts', [`there are two alerts '${twice}'; each has a name and a runbook of its own`]);
  const names = objectives.map(({ name }) => name);
  const lost = alerts.flatMap(({ file, source }) => source.alerts.map(({ alert, objective }) => ({ file, alert, objective }))).find(({ objective }) => objective !== undefined && !names.includes(objective));
  if (lost?.objective !== undefined) throw wrong(`deploy/${lost.file}`, [`${lost.alert} names the objective '${lost.objective}'; there are ${names.join(', ')}`]);
  return {
    'libs/observability/src/generated/objectives.ts': objectiveTable(objectives),
    'deploy/prometheus/rules/slo.yaml': HEAD('deploy/slo') + yaml({ groups: objectives.map((objective) => objectiveRules(objective, runbook)) }),
    ...Object.fromEntries(Object.entries(objectiveTests(objectives)).map(([kind, tests]) => [`deploy/prometheus/tests/slo-${kind}.yaml`, HEAD('deploy/slo') + yaml(tests)])),
    ...Object.fromEntries(alerts.flatMap(({ file, source }) => [rulesFile(file, alertRules(source, runbook)), ...[...alertTests(source, runbook)].map(([name, tests]) => [`deploy/prometheus/tests/${name}.yaml`, HEAD(`deploy/${file}`) + yaml(tests)])])),
  };
}

const rulesFile = (file: string, group: RuleGroup): [string, string] => [`deploy/prometheus/rules/${group.name}.yaml`, HEAD(`deploy/${file}`) + yaml({ groups: [group] })];

const named = (sources: Files, folder: string) => Object.entries(sources).filter(([file]) => file.startsWith(folder)).sort(([a], [b]) => (a < b ? -1 : 1));

const repeated = (names: readonly string[]): string | undefined => names.find((name, index) => names.indexOf(name) !== index);

// One line a value: a difference shows what changed, and durations stand where scaleDurations looks for them.
const yaml = (value: object): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });

/** What programs need of the objectives: what to count, and what was promised. */
function objectiveTable(objectives: readonly Objective[]): string {
  const rows = objectives.map((objective) => {
    const { name, title, metric, where, bad, target } = objective;
    return `  ${JSON.stringify({ name, title, metric, where, bad, target, allowed: allowedShare(objective) })},\n`;
  });
  return `// Generated from deploy/slo by \`npm run generate\`; never edited by hand.\n/** The objectives. \`where\` and \`bad\` are matchers of PromQL, \`target\` is percent, \`allowed\` the share of events that may be bad in 30 days. */\nexport const OBJECTIVES = [\n${rows.join('')}] as const;\n`;
}
