import { parsePorts } from './ports-file';

it('reads what the server writes', () => {
  expect(parsePorts('{"nats":["nats://127.0.0.1:41623"],"monitoring":["http://127.0.0.1:33985"]}')).toEqual({ port: 41623, monitorPort: 33985 });
});

it.each(['', '{"nats":["nats://127.0.', '{}', '{"nats":["nats://127.0.0.1:41623"]}', '{"nats":["what"],"monitoring":[]}'])('waits for more than %j', (content) => {
  expect(parsePorts(content)).toBeNull();
});
