import {
  addApp,
  connectAs,
  connectOnceKnown,
  stackUser,
  type BusUser,
  type Credentials,
} from './bus-user.ts';
import { createCli, type Cli } from './run-cli.ts';

/** A stack whose bus lets nobody in without credentials, and two who have some. */
export interface GuardedStack {
  cli: Cli;
  /** Of the bus. */
  url: string;
  shop: Credentials;
  /** The app `shop`. */
  asShop: BusUser;
  /** May do everything. */
  operator: BusUser;
  /** The newest calls of an app. */
  historyOf(app: string): Promise<{ id: string }[]>;
  stop(): Promise<void>;
}

export async function startGuardedStack(): Promise<GuardedStack> {
  const cli = await createCli({ env: { NATS_AUTH: 'required' } });
  const { code, output } = await cli.run('start');
  if (code !== 0) throw new Error(output);
  const url = `nats://127.0.0.1:${cli.natsPort}`;
  const shop = await addApp(cli, 'shop');
  const asShop = await connectOnceKnown(shop);
  const operator = await connectAs(await stackUser(cli, 'local', url));
  return {
    ...{ cli, url, shop, asShop, operator },
    async historyOf(app) {
      const answer = await fetch(`${cli.url}/api/requests?app=${app}`);
      return (await answer.json()) as { id: string }[];
    },
    async stop() {
      await asShop.connection.close();
      await operator.connection.close();
      await cli.remove();
    },
  };
}
