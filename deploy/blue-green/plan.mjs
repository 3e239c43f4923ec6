// What a change from one set of services to another is made of. Pure: answers in, decisions out.

const COMMANDS = ['start', 'drain', 'stop'];

/**
 * Everything that is wrong with a description of two sets; empty when it can be used.
 * @param {any} plan parsed from JSON
 * @returns {string[]}
 */
export function problemsOf(plan) {
  const isCommand = (value) => Array.isArray(value) && value.length > 0 && value.every((word) => typeof word === 'string');
  const names = Object.keys(plan?.sets ?? {});
  return [
    ...(names.length === 2 ? [] : [`sets: there must be two, and there ${names.length === 1 ? 'is 1' : `are ${names.length}`}`]),
    ...names.flatMap((name) => [
      ...COMMANDS.filter((command) => !isCommand(plan.sets[name][command])).map((command) => `sets.${name}.${command}: must be a command, as a list of words`),
      ...(Array.isArray(plan.sets[name].services) && plan.sets[name].services.length > 0 ? [] : [`sets.${name}.services: must list the addresses of its services`]),
      ...(typeof plan.sets[name].gateway === 'string' ? [] : [`sets.${name}.gateway: must be the address of its gateway`]),
    ]),
    ...(isCommand(plan?.switch) ? [] : ['switch: must be a command, as a list of words; GRANARY_SET says to which set']),
    ...(typeof plan?.state === 'string' ? [] : ['state: must name the file that says which set serves']),
    ...(typeof plan?.prometheus === 'string' ? [] : ['prometheus: must be its address, such as http://127.0.0.1:9090']),
  ];
}

/** The budgets that are too far spent for a change, as `{objective, left}`; `left` is a share, 1 for all of it. */
export function spentBudgets(answer, least) {
  const series = answer?.data?.result ?? [];
  return series.map(({ metric, value }) => ({ objective: metric.objective ?? '', left: Number(value[1]) })).filter(({ left }) => !(left >= least));
}

/** The other one of two. */
export const otherThan = (sets, live) => Object.keys(sets).find((name) => name !== live);
