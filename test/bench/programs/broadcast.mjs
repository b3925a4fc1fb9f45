// The least that a server can do that sends all the same: `node broadcast.mjs <port> <bytes> <messages a second>`.
import { WebSocketServer } from 'ws';

const [, , port, bytes, perSecond] = process.argv;
const server = new WebSocketServer({
  port: Number(port),
  host: '127.0.0.1',
  perMessageDeflate: false,
});
server.on('listening', () => process.stdout.write('listening\n'));
const message = 'x'.repeat(Number(bytes));
setInterval(
  () => {
    for (const client of server.clients) client.send(message);
  },
  1000 / Number(perSecond),
);
