import Environment from './environment.cjs';

/** Runs `work` as a test file of its own. */
async function inFile(work: () => void): Promise<void> {
  const outer = globalThis.jest;
  const environment = new Environment();
  await environment.setup();
  work();
  await environment.teardown();
  globalThis.jest = outer;
}

describe('what a test file changes', () => {
  it('is gone for the next one: the environment', async () => {
    const before = { ...process.env };
    await inFile(() => {
      process.env['GRANARY_OF_A_TEST'] = 'set';
      process.env['PATH'] = '';
      delete process.env['HOME'];
    });
    expect(process.env).toEqual(before);
  });

  it('is gone for the next one: spies', async () => {
    const folder = { close: () => 'closed' };
    await inFile(() => {
      jest.spyOn(folder, 'close').mockReturnValue('spied');
      expect(folder.close()).toBe('spied');
    });
    expect(folder.close()).toBe('closed');
  });

  it('is gone for the next one: the console and how the process ends', async () => {
    const { console: console_, process: { exit } } = globalThis;
    await inFile(() => {
      globalThis.console = Object.create(console_);
      process.exit = () => { throw new Error('ended'); };
    });
    expect([globalThis.console === console_, process.exit === exit]).toEqual([true, true]);
  });
});
