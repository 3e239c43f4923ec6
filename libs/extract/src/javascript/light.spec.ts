import { lightImports } from './light';

const found = (source: string): string[] => lightImports(source).imports.map(({ specifier, kind, line }) => `${kind} ${specifier} ${line}`);

describe('the light scan of a module', () => {
  it.each([
    ['imports', `import a from './a';\nimport "b"; import { c } from 'c'`, ['static ./a 1', 'static b 2', 'static c 2']],
    ['the end of an import over several lines', `import {\n  a,\n} from "a";`, ['static a 3']],
    ['require and import()', `const a = require('a'); const b = await import( "b" )`, ['require a 1', 'dynamic b 1']],
    ['no other strings', `const from_ = 'x'; this.require('y'); Array.from('z'); "a" + 'b'`, []],
    ['an unfinished string', `import a from 'a`, []],
    ['a line that is too long', `import a from 'a';${' '.repeat(3_000)}`, []],
  ])('takes %s', (_, source, expected) => expect(found(source)).toEqual(expected));
});
