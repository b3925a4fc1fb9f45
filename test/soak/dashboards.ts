// A process full of open dashboards: `node dashboards.js <url of web> <how many>`. Each takes every frame and acknowledges as a browser
// does; the frames are counted and not parsed, as the browsers would be on other machines. Says what came every second, as JSON.
import { WebSocket } from 'undici';

const [url = '', count = '50'] = process.argv.slice(2);
const said = { open: 0, opened: 0, frames: 0, bytes: 0 };

function open(): void {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  socket.addEventListener('open', () => {
    said.open += 1;
    said.opened += 1;
  });
  socket.addEventListener('message', ({ data }) => {
    const text = String(data);
    // Engine.IO: 0 opens, 2 is a ping; Socket.IO's connect is 40.
    if (text.startsWith('0')) socket.send('40');
    else if (text === '2') socket.send('3');
    said.frames += 1;
    said.bytes += text.length;
  });
  socket.addEventListener('close', () => {
    said.open -= 1;
    setTimeout(open, 1000);
  });
  socket.addEventListener('error', () => undefined);
}

for (let i = 0; i < Number(count); i++) open();
setInterval(() => process.stdout.write(`${JSON.stringify(said)}\n`), 1000);
