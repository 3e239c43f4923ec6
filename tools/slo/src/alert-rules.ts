import type { AlertFile, AlertSource } from './alert-source';
import type { AlertingRule, RuleGroup } from './rule';

/** @param runbook the address of an alert's runbook */
export function alertRules({ group, alerts }: AlertFile, runbook: (alert: string) => string): RuleGroup {
  return { name: group, rules: alerts.map((source) => ruleOf(source, runbook)) };
}

function ruleOf(source: AlertSource, runbook: (alert: string) => string): AlertingRule {
  const { alert, when, severity, summary } = source;
  return {
    alert,
    expr: when.trim(),
    ...(source.for !== undefined && { for: source.for }),
    labels: { severity },
    annotations: { summary, description: descriptionOf(source, source.now), runbook_url: runbook(alert) },
  };
}

/** What an alert tells: what it means, then the figures of the moment. */
export const descriptionOf = ({ meaning }: Pick<AlertSource, 'meaning'>, now: string): string => `${meaning.trim()} ${now.trim()}`;
