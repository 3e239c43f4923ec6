import { developers } from './developers.ts';
import { operations } from './operations.ts';
import { product } from './product.ts';
import { render } from './render.ts';

/** All dashboards: the name of the file, and what is in it. */
export const dashboards = Object.entries({ developers, operations, product }).map(([name, dashboard]) => ({
  name: `${name}.json`,
  dashboard,
  json: `${JSON.stringify(render(dashboard), null, 2)}\n`,
}));
