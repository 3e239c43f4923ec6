import { templatesBeside } from './templates-beside';

it('has the program look for its templates beside it, and leaves everything else where it is', () => {
  const program = Buffer.from('\0/usr/share/prometheus/alertmanager/ui/\0x/usr/share/prometheus/alertmanagerfailed to\0/usr/share/prometheus/alertmanager/no-ui');
  const changed = templatesBeside(program).toString();
  expect(changed).toBe('\0/usr/share/prometheus/alertmanager/ui/\0x.///////////alertmanager-templatesfailed to\0/usr/share/prometheus/alertmanager/no-ui');
  expect(changed).toHaveLength(program.length);
});

it('says so when Debian has changed it', () => {
  expect(() => templatesBeside(Buffer.from('/usr/share/prometheus/alertmanager/ui/'))).toThrow(expect.objectContaining({ code: 'prometheus-alertmanager-unusable', message: expect.stringContaining('GRANARY_ALERTMANAGER') }));
});
