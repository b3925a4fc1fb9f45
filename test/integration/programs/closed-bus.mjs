// A service whose NATS library gives its connection up, which it does only for what it cannot make good by dialling again.
import { connectBus, runService } from '@llm-monitor/runtime';

await runService({
  service: 'collector',
  env: process.env,
  configure: (env) => env,
  async start({ log, config: env }) {
    const connection = await connectBus({ url: env.NATS_URL, name: 'test', log });
    if (env.ORDERLY) await connection.close();
    else await connection.protocol.close(new Error('no server is left'));
    setTimeout(() => process.exit(42), 5000);
    return { close: () => connection.close() };
  },
});
