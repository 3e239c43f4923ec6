/** A simple command inside of a command line of the shell: its words, quotes taken away. */
export type Words = string[];

/**
 * The simple commands of a line, those in `$(…)` included, for checks. Knows pipes, `&&`, `||`, `;`, quotes and redirections of
 * output; not a whole shell, and a line that needs more is too long for a runbook.
 */
export function simpleCommands(line: string): Words[] {
  const found: Words[] = [];
  let words: Words = [];
  let word: string | null = null;
  const endWord = () => {
    if (word !== null) words.push(word);
    word = null;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) found.push(words);
    words = [];
  };
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === "'" || character === '"') {
      const end = closing(line, at, character);
      const quoted = line.slice(at + 1, end);
      if (character === '"') found.push(...insides(quoted));
      word = (word ?? '') + quoted;
      at = end;
    } else if (line.startsWith('$(', at)) {
      const end = closingParenthesis(line, at + 2);
      found.push(...simpleCommands(line.slice(at + 2, end)));
      word = `${word ?? ''}$(…)`;
      at = end;
    } else if (/[|;&]/.test(character) && line[at - 1] !== '>') endCommand();
    else if (/\s/.test(character)) endWord();
    else word = (word ?? '') + character;
  }
  endCommand();
  return found.map(withoutRedirections);
}

function insides(text: string): Words[] {
  const found: Words[] = [];
  for (let at = text.indexOf('$('); at >= 0; at = text.indexOf('$(', at + 2)) found.push(...simpleCommands(text.slice(at + 2, closingParenthesis(text, at + 2))));
  return found;
}

function closing(line: string, from: number, quote: string): number {
  for (let at = from + 1; at < line.length; at++) {
    if (quote === '"' && line.startsWith('$(', at)) at = closingParenthesis(line, at + 2);
    else if (line[at] === quote) return at;
  }
  return line.length;
}

function closingParenthesis(line: string, from: number): number {
  for (let at = from, depth = 1; at < line.length; at++) {
    if (line[at] === '(') depth++;
    if (line[at] === ')' && --depth === 0) return at;
  }
  return line.length;
}

function withoutRedirections(words: Words): Words {
  const kept: Words = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    if (/^\d?>{1,2}$/.test(word)) at++;
    else if (!/^\d?>{1,2}/.test(word)) kept.push(word);
  }
  return kept;
}
