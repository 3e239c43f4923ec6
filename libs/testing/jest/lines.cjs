// Which lines of our sources ran: in a process that counts, each statement first marks the line on which it begins.
const { randomUUID } = require('node:crypto');
const { globSync, mkdirSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..', '..', '..');
const FOLDER = 'GRANARY_TEST_LINES';
const COUNTED = /^(contracts|(libs|services|tools)\/[^/]+)\/src\/(?!(.*\/)?generated\/)(?!.*(\.d|spec)\.ts$).*\.ts$/;

/** Name of the variable with the folder to which processes that run tests write the lines that ran; without it nothing is counted. */
exports.LINES_FOLDER = FOLDER;

/** The absolute paths of all sources whose lines tests should reach. */
exports.countedSources = () =>
  globSync('{contracts,libs/*,services/*,tools/*}/src/**/*.ts', { cwd: root })
    .filter((path) => COUNTED.test(path))
    .sort()
    .map((path) => join(root, path));

/** Whether this process counts the lines of this file. */
exports.isCounted = (path) => process.env[FOLDER] !== undefined && COUNTED.test(path.slice(root.length + 1));

/**
 * Puts marks into a TypeScript source; no line moves.
 * @returns the source, and the numbers of the lines that can be marked
 */
exports.withMarks = (source) => {
  const ts = require('typescript');
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const lines = new Set();
  const openings = [];
  const closings = [];

  // What is nested in a statement of the same line begins after it, so that a mark of its own would say nothing new.
  const visit = (node, outer) => {
    if (isOnlyType(node)) return;
    const place = placeOf(ts, node);
    const line = place ? file.getLineAndCharacterOfPosition(place.node.getStart(file)).line + 1 : outer;
    if (line !== outer) {
      const [opening, closing] = place.around;
      lines.add(line);
      openings.push({ at: place.node.getStart(file), text: opening.replace('MARK', `$marks[${line}]=1`) });
      closings.unshift({ at: place.node.getEnd(), text: closing });
    }
    ts.forEachChild(node, (child) => visit(child, line));
  };
  const isOnlyType = (node) => ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) || ts.isModuleDeclaration(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node);
  visit(file, 0);
  return { source: insert(source, [...closings, ...openings]), lines: [...lines] };
};

// Where a mark goes for this node, and what is written around that.
function placeOf(ts, node) {
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return { node: node.body, around: ['(MARK,', ')'] };
  if (ts.isPropertyDeclaration(node) && node.initializer) return { node: node.initializer, around: ['(MARK,', ')'] };
  if (!ts.isStatement(node) || ts.isBlock(node) || ts.isFunctionDeclaration(node) || ts.isEmptyStatement(node)) return null;
  const isInList = ts.isSourceFile(node.parent) || ts.isBlock(node.parent) || ts.isCaseOrDefaultClause(node.parent);
  return { node, around: isInList ? ['MARK;', ''] : ['{MARK;', '}'] };
}

// At the same place, what closes goes before what opens, and the sort keeps the order that they have.
function insert(source, insertions) {
  let [result, done] = ['', 0];
  for (const { at, text } of insertions.sort((a, b) => a.at - b.at)) {
    result += source.slice(done, at) + text;
    done = at;
  }
  return result + source.slice(done);
}

const marks = new Map();

/** Called by each counted source when it begins: where it marks its lines. */
exports.marksOf = (path, lines) => {
  if (marks.size === 0) process.once('exit', write);
  if (!marks.has(path)) marks.set(path, { lines, ran: new Uint8Array(Math.max(0, ...lines) + 1) });
  return marks.get(path).ran;
};

// By path and number of a line: 1 when it ran, 0 when it did not.
const report = (entries) => Object.fromEntries([...entries].map(([path, { lines, ran }]) => [path, Object.fromEntries(lines.map((line) => [line, ran[line]]))]));

function write() {
  mkdirSync(process.env[FOLDER], { recursive: true });
  const path = join(process.env[FOLDER], randomUUID());
  writeFileSync(path, JSON.stringify(report(marks)));
  // Complete or not there: the process may be killed meanwhile.
  renameSync(path, `${path}.json`);
}
