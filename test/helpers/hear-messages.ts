/**
 * For `addInitScript`: keeps what the page's websockets hear. `heardWith(text)` gives the messages that have a text in them, and
 * `whenHeard(text)` waits for the first, before the page's own code gets to the next.
 */
export const HEAR_MESSAGES = `{
  const MOST = 200;
  const heard = [];
  const waits = new Set();
  window.heardWith = (text) => heard.filter((message) => message.includes(text));
  window.whenHeard = (text) => new Promise((resolve) => {
    const look = () => {
      if (heardWith(text).length === 0) return;
      waits.delete(look);
      resolve();
    };
    waits.add(look);
    look();
  });
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        heard.push(String(data));
        if (heard.length > MOST) heard.shift();
        for (const look of [...waits]) look();
      });
    }
  };
}`;
