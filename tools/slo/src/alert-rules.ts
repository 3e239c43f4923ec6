import type { AlertFile, AlertSource } from './alert-source';
import { budgetText } from './budget-text';
import type { AlertingRule, RuleGroup } from './rule';

/** @param runbook the address of an alert's runbook */
export function alertRules({ group, alerts }: AlertFile, runbook: (alert: string) => string): RuleGroup {
  return { name: group, rules: alerts.map((source) => ruleOf(source, runbook)) };
}

function ruleOf(source: AlertSource, runbook: (alert: string) => string): AlertingRule {
  const { alert, when, severity, summary, objective } = source;
  return {
    alert,
    expr: when.trim(),
    ...(source.for !== undefined && { for: source.for }),
    labels: { severity },
    annotations: { summary, description: descriptionOf(source, source.now, objective && budgetText(objective)), runbook_url: runbook(alert) },
  };
}

/** What an alert tells: what it means, the figures of the moment, then those of the budget that goes meanwhile. */
export const descriptionOf = ({ meaning }: Pick<AlertSource, 'meaning'>, now: string, budget?: string): string => [meaning, now, budget].filter((part) => part !== undefined).map((part) => part.trim()).join(' ');
