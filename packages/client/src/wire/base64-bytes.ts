/** How many bytes a base64 text stands for; `from`: where it begins. */
export function base64Bytes(text: string, from = 0): number {
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return Math.floor(((text.length - from - padding) * 3) / 4);
}
