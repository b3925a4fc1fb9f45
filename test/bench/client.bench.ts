// What the drop-in and `register` add to a call of the bare `ollama` client.
import { raceCalls } from './call-race.ts';

await raceCalls([
  { sdk: 'ollama', instrument: 'bare' },
  { sdk: 'ollama', instrument: 'drop-in' },
  { sdk: 'ollama', instrument: 'register' },
]);
process.stdout.write('goals: p50 ≤ 15 µs a call, CPU ≤ 100 µs a call, ≤ 1 µs a chunk\n');
process.exit(0);
