import type { CallDescription } from '../call/call-description.ts';
import { base64Bytes } from './base64-bytes.ts';
import { known } from '../call/known.ts';
import { isObject, text, type JsonObject } from './json-fields.ts';
import type { RequestBody } from './request-body.ts';

/** What a request says to a model, apart from how. */
export type Prompt = Pick<
  CallDescription,
  'promptText' | 'promptChars' | 'imageCount' | 'imageBytes'
>;

interface Message {
  role: unknown;
  text: string;
}

/**
 * Reads a prompt: a text, several, or messages, whose content is a text or parts. Images are counted, and are never in it.
 * Of a request too long to be read whole, its length is the closest that is known to that of its text.
 */
export function readPrompt(
  prompt: unknown,
  instructions: unknown,
  { complete, length }: RequestBody,
): Prompt {
  const images: (number | undefined)[] = [];
  const isMessages = Array.isArray(prompt) && prompt.some(isObject);
  const said: Message[] = isMessages
    ? prompt.filter(isObject).map((message) => ({
        role: message['role'],
        text: textOf(message['content'], images),
      }))
    : (Array.isArray(prompt) ? prompt : [prompt])
        .filter((one) => typeof one === 'string')
        .map((one) => ({ role: 'user', text: one }));
  const spoken = isMessages
    ? (said.findLast((one) => one.role === 'user' && one.text !== '') ?? said.at(-1))
    : said[0];
  const chars = said.reduce((sum, one) => sum + one.text.length, 0);
  const charsInAll = complete ? chars + textOf(instructions, []).length : length;
  return known<Prompt>({
    promptText: text(spoken?.text),
    promptChars: said.length > 0 ? charsInAll : undefined,
    ...(images.length > 0 ? { imageCount: images.length, imageBytes: bytesOf(images) } : {}),
  });
}

/** The text of a content; notes the size of each image in it, where it is known. */
function textOf(content: unknown, images: (number | undefined)[]): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  const texts = content.filter(isObject).map((part) => {
    if (String(part['type']).includes('image')) images.push(imageBytes(part));
    // What a tool gave back may hold texts and images of its own.
    return typeof part['text'] === 'string' ? part['text'] : textOf(part['content'], images);
  });
  return texts.filter((one) => one !== '').join('\n');
}

/** OpenAI has an image in a data URI or at an address, Anthropic as base64 of its own. */
function imageBytes(part: JsonObject): number | undefined {
  const { image_url: address, source } = part;
  if (isObject(source)) {
    return typeof source['data'] === 'string' ? base64Bytes(source['data']) : undefined;
  }
  const url = isObject(address) ? address['url'] : address;
  if (typeof url !== 'string' || !url.startsWith('data:')) return undefined;
  return base64Bytes(url, url.indexOf(',') + 1);
}

/** Unknown when no image's size is. */
function bytesOf(images: readonly (number | undefined)[]): number | undefined {
  const sizes = images.filter((size) => size !== undefined);
  return sizes.length > 0 ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}
