// Reads answers in every way that an app may, and prints all that it can see of each: the same whether somebody watches or not.
import { inspect } from 'node:util';

import { asked, askFor, more, server } from './every-way/answers.mjs';
import { BREAKS } from './every-way/breaks.mjs';
import { LOOKS } from './every-way/looks.mjs';
import { PASSES_ON } from './every-way/passes-on.mjs';
import { READS } from './every-way/reads.mjs';
import { failure, told, turns } from './every-way/sees.mjs';

const events = [];
for (const name of ['unhandledRejection', 'rejectionHandled', 'warning', 'uncaughtException']) {
  process.on(name, (what) =>
    events.push([name, what instanceof Promise ? 'a promise' : told(what)]),
  );
}
for (const [name, way] of Object.entries({ ...LOOKS, ...READS, ...PASSES_ON, ...BREAKS })) {
  askFor(name);
  const seen = await failure(Promise.resolve().then(way));
  more();
  await turns(4);
  more();
  await turns(4);
  const whole = { depth: 20, breakLength: 160, maxArrayLength: null, maxStringLength: null };
  console.log(`## ${name}\n${inspect(seen, whole)}\n${inspect(events.splice(0), whole)}`);
}
console.log(`## asked\n${JSON.stringify(asked)}`);
server.closeAllConnections();
server.close();
