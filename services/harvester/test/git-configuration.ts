/** Text of a git configuration; a key is `section.name` or `section.anything.name`. Written at once, it saves a git for each key. */
export const gitConfiguration = (entries: readonly (readonly [key: string, value: string])[]): string =>
  entries
    .map(([key, value]) => {
      const [first, last] = [key.indexOf('.'), key.lastIndexOf('.')];
      const section = first === last ? key.slice(0, first) : `${key.slice(0, first)} ${JSON.stringify(key.slice(first + 1, last))}`;
      return `[${section}]\n\t${key.slice(last + 1)} = ${JSON.stringify(value)}\n`;
    })
    .join('');
