const DAY_LENGTH = 'YYYY-MM-DD'.length;
/** What our own clients write: `YYYY-MM-DDTHH:mm:ss.sssZ`. */
const USUAL_LENGTH = 24;
const [ZERO, NINE] = [48, 57];

let lastDay = '';
let lastDayMs = NaN;

/** `Date.parse`, which takes ten times as long: most times are of the same day as the one before, and written in the same way. */
export function parseTime(text: string): number {
  if (!isUsual(text)) return Date.parse(text);
  const hours = readDigits(text, 11, 2);
  const minutes = readDigits(text, 14, 2);
  const seconds = readDigits(text, 17, 2);
  const ms = readDigits(text, 20, 3);
  // Also not a number.
  if (!(hours < 24 && minutes < 60 && seconds < 60 && ms >= 0)) return Date.parse(text);
  if (!text.startsWith(lastDay) || lastDay === '') {
    lastDay = text.slice(0, DAY_LENGTH);
    lastDayMs = Date.parse(`${lastDay}T00:00:00.000Z`);
  }
  return lastDayMs + ((hours * 60 + minutes) * 60 + seconds) * 1000 + ms;
}

function isUsual(text: string): boolean {
  return (
    text.length === USUAL_LENGTH &&
    text[10] === 'T' &&
    text[13] === ':' &&
    text[16] === ':' &&
    text[19] === '.' &&
    text[23] === 'Z'
  );
}

function readDigits(text: string, at: number, count: number): number {
  let value = 0;
  for (let i = at; i < at + count; i++) {
    const code = text.charCodeAt(i);
    if (code < ZERO || code > NINE) return NaN;
    value = value * 10 + code - ZERO;
  }
  return value;
}
