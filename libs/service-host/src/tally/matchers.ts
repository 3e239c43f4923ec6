type Labels = Readonly<Record<string, string | number | undefined>>;

const MATCHER = /\s*(\w+)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;

/**
 * Whether labels fit what stands between the braces of a PromQL selector; a label that is not there is empty, regular expressions are anchored
 * (https://prometheus.io/docs/prometheus/3.5/querying/basics/#instant-vector-selectors).
 */
export function labelMatcher(matchers: string): (labels: Labels) => boolean {
  const conditions: ((labels: Labels) => boolean)[] = [];
  MATCHER.lastIndex = 0;
  while (MATCHER.lastIndex < matchers.length) {
    const found = MATCHER.exec(matchers);
    if (found === null) throw new Error(`'${matchers}' are no matchers of PromQL`);
    const [, label = '', operator, value = ''] = found;
    const expected = value.replace(/\\(.)/g, '$1');
    const fits = operator?.endsWith('~') ? anchored(expected) : (text: string) => text === expected;
    const wanted = !operator?.startsWith('!');
    conditions.push((labels) => fits(String(labels[label] ?? '')) === wanted);
  }
  return (labels) => conditions.every((holds) => holds(labels));
}

function anchored(expression: string): (text: string) => boolean {
  const regex = new RegExp(`^(?:${expression})$`, 's');
  return (text) => regex.test(text);
}
