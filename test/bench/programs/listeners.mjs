// Many browsers' sockets in one process, which only count: `node listeners.mjs <url> <number> <engine.io | plain>`. A line of JSON a second.
import { WebSocket } from 'ws';

const [, , url, number, protocol] = process.argv;
const isEngine = protocol === 'engine.io';
let open = 0;
let messages = 0;
let bytes = 0;

function connect() {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('open', () => {
    if (!isEngine) open += 1;
  });
  socket.on('message', (data) => {
    if (isEngine && data.length < 200) {
      // engine.io: "0" greets, "2" asks whether somebody is there; socket.io: "40" is the namespace.
      const text = data.toString('utf8');
      if (text.startsWith('0')) socket.send('40{}');
      else if (text === '2') socket.send('3');
      else if (text.startsWith('40')) open += 1;
      if (/^(0|2$|40)/.test(text)) return;
    }
    messages += 1;
    bytes += data.length;
  });
}

for (let i = 0; i < Number(number); i++) setTimeout(connect, i * 2);
setInterval(() => process.stdout.write(`${JSON.stringify({ open, messages, bytes })}\n`), 1000);
