import { changePublishers, listPublishers, parsePublisher, publisherUser, type Publisher, type PublisherList } from '@granary/embedded';
import { Fault } from '@granary/faults';
import type { Call, CommandSpec } from '../shell/command';
import { renderFacts } from '../shell/table';
import { asRows, renderPublishers } from './publishers';

export const publishersList: CommandSpec = {
  name: 'publishers list',
  summary: 'list the programs that the broker lets in to hand in events, without their passwords',
  details: 'Without a running platform: those that it will let in when it starts.',
  examples: ['publishers list', 'publishers list --json'],
  async run(call) {
    const publishers = asRows(listPublishers(call.place().folder, call.shell.env));
    return { data: { publishers }, text: renderPublishers(publishers, call.style) };
  },
};

export const publishersAdd: CommandSpec = {
  name: 'publishers add',
  args: '<publisher>',
  summary: 'let a program hand in events over NATS, as <tenant>.<name>; a running platform does so at once',
  details: 'Prints how it gets in, with its password, which platform.json in the data folder keeps. GRANARY_PUBLISHERS lists publishers, too; then this list does not count.',
  examples: ['publishers add default.review-team'],
  async run(call) {
    const publisher = parsePublisher(call.input.arg('publisher'));
    const list = await change(call, (listed) => [...listed.filter((one) => !isSame(one, publisher)), publisher]);
    const account = list.accounts?.find(({ user }) => user === publisherUser(publisher)) ?? null;
    const { platform } = call.place();
    if (account === null || platform === null) return { data: { publisher, account: null }, text: `Listed ${publisherUser(publisher)}. It gets its password and is let in when the platform starts.` };
    const shown = { url: platform.nats.url, ...account };
    return { data: { publisher, account: shown }, text: renderFacts([['address', shown.url], ['user', shown.user], ['password', shown.password], ['publishes to', shown.subject], ['inboxes below', shown.inboxPrefix]], call.style) };
  },
};

export const publishersRemove: CommandSpec = {
  name: 'publishers remove',
  args: '<publisher>',
  summary: 'let a program in no longer; a running platform closes its connections at once',
  examples: ['publishers remove default.review-team'],
  async run(call) {
    const publisher = parsePublisher(call.input.arg('publisher'));
    const list = await change(call, (listed) => {
      if (!listed.some((one) => isSame(one, publisher))) throw Fault.permanent('not-found', `there is no publisher ${publisherUser(publisher)}; \`granary publishers list\` shows those that there are`);
      return listed.filter((one) => !isSame(one, publisher));
    });
    return { data: { publisher }, text: `${publisherUser(publisher)} is let in no longer${list.accounts === null ? ' when the platform starts' : ''}.` };
  },
};

const change = (call: Call, to: (listed: readonly Publisher[]) => readonly Publisher[]): Promise<PublisherList> => changePublishers(call.place().folder, call.shell.env, to);

const isSame = (one: Publisher, other: Publisher): boolean => publisherUser(one) === publisherUser(other);
