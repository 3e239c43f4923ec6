import type { CommandSpec } from './command';
import { parseCommandLine, type Parsed } from './parse';

const run = async () => null;
const commands: CommandSpec[] = [
  { name: 'status', summary: 'show the services', examples: ['status'], run },
  { name: 'jobs list', summary: 'list jobs', options: [{ flags: '--state <state>', describe: 'only these' }, { flags: '--wait', describe: 'wait' }], examples: ['jobs list'], run },
  { name: 'jobs show', args: '<job> [part]', summary: 'show a job', details: 'With everything.', examples: ['jobs show j-1', 'jobs show j-2 --json'], run },
];
const parse = (...argv: string[]): Parsed => parseCommandLine(argv, { version: '1.2.3', commands, groups: { jobs: 'harvest jobs' }, width: 100 });

function call(...argv: string[]) {
  const parsed = parse(...argv);
  if (parsed.kind !== 'call') throw new Error(JSON.stringify(parsed));
  return parsed;
}

describe('a call', () => {
  it('has its words and options', () => {
    const { spec, input, common } = call('jobs', 'show', 'j-1');

    expect(spec.name).toBe('jobs show');
    expect(input.arg('job')).toBe('j-1');
    expect(input.optionalArg('part')).toBeUndefined();
    expect(common).toEqual({ json: false, verbose: false, data: undefined });
  });

  it('takes options in any place', () => {
    const { input, common } = call('jobs', 'list', '--json', '--state', 'failed', '--data', './x', '--verbose');

    expect([input.text('state'), input.flag('wait')]).toEqual(['failed', false]);
    expect(common).toEqual({ json: true, verbose: true, data: './x' });
  });

  it('throws when a command asks for what it did not declare', () => {
    const { input } = call('status');
    expect(() => input.arg('repo')).toThrow("does not declare <repo>");
    expect(() => input.flag('wait')).toThrow("does not declare --wait");
  });
});

describe('help', () => {
  it('of the program lists all commands and exit codes', () => {
    const parsed = parse('--help');
    expect(parsed).toMatchObject({ kind: 'help', text: expect.stringMatching(/status +show the services[^]*jobs list +list jobs[^]*jobs show <job> \[part\] +show a job[^]*Exit codes:\n {3}0 {2}done/) });
  });

  it('of a group lists its commands', () => {
    expect(parse('jobs', '--help')).toMatchObject({ kind: 'help', text: expect.stringMatching(/Usage: granary jobs[^]*harvest jobs[^]*jobs list +list jobs/) });
  });

  it('of a command has its details, options and examples', () => {
    expect(parse('jobs', 'show', '--help')).toMatchObject({ kind: 'help', text: expect.stringMatching(/Usage: granary jobs show \[options\] <job> \[part\][^]*With everything\.[^]*--json[^]*Examples:\n {2}\$ granary jobs show j-1\n {2}\$ granary jobs show j-2 --json[^]*130 {2}ended by Ctrl-C/) });
  });

  it('is had with the word help, too', () => {
    expect(parse('help', 'status')).toMatchObject({ kind: 'help', text: expect.stringContaining('Usage: granary status') });
  });

  it('knows the version', () => {
    expect(parse('--version')).toEqual({ kind: 'help', text: '1.2.3\n' });
  });
});

describe('a mistake', () => {
  it.each([
    [['staus'], "Unknown command 'staus' (Did you mean status?)"],
    [['status', '--jsn'], "Unknown option '--jsn' (Did you mean --json?)"],
    [['status', 'more'], 'Too many arguments'],
    [['jobs', 'show'], "Missing required argument 'job'."],
    [['jobs', 'list', '--state'], "Option '--state <state>' argument missing."],
    [['jobs', 'show', ''], '<job> is an empty text; give it a value.'],
    [['jobs', 'show', 'j-1', ''], '[part] is an empty text'],
    [['jobs', 'sho'], "Unknown command 'sho' (Did you mean show?)"],
  ])('%j is told as %p', (argv, message) => {
    expect(parse(...argv)).toMatchObject({ kind: 'mistake', message: expect.stringContaining(message), advice: expect.stringContaining('--help') });
  });

  it('shows what there is when a word is missing', () => {
    expect(parse()).toMatchObject({ kind: 'mistake', message: 'Which command?', advice: expect.stringContaining('Usage: granary') });
    expect(parse('jobs')).toMatchObject({ kind: 'mistake', message: "'jobs' needs one more word.", advice: expect.stringMatching(/show[^]*list|list[^]*show/) });
  });
});
