import type { Message, MessageItem } from '../core/message/message.ts';
import { headLine } from '../core/message/plain-text.ts';
import { escapeHtml } from './escape-html.ts';

const COLOURS = { critical: '#d55e00', warning: '#e69f00', info: '#0072b2' } as const;
const RESOLVED_COLOUR = '#009e73';
const FONT = 'font-family:system-ui,sans-serif;font-size:14px;line-height:1.5';

/** A message as the HTML part of a mail: tables and inline styles, which is what mail programs know; no picture, nothing from elsewhere. */
export function mailHtml(message: Message): string {
  const isOne = message.items.length === 1;
  return [
    `<!doctype html><html lang="${message.language}"><body style="${FONT};margin:0;padding:16px">`,
    ...(isOne ? [] : [`<h2 style="font-size:18px">${escapeHtml(headLine(message))}</h2>`]),
    ...message.items.map(itemHtml),
    ...(message.more === null ? [] : [`<p>${escapeHtml(message.more)}</p>`]),
    `<p><a href="${escapeHtml(message.link)}">${escapeHtml(message.linkTitle)}</a></p>`,
    '</body></html>',
  ].join('\n');
}

function itemHtml(item: MessageItem): string {
  const colour = item.what === 'resolved' ? RESOLVED_COLOUR : COLOURS[item.severity];
  const rows = item.facts.map(
    ({ label, value }) =>
      `<tr><td style="padding:2px 16px 2px 0;color:#5b6770">${escapeHtml(label)}</td><td>${escapeHtml(value)}</td></tr>`,
  );
  return [
    `<div style="border-left:4px solid ${colour};padding:4px 12px;margin:0 0 16px">`,
    `<p style="margin:0 0 4px;font-weight:600"><a href="${escapeHtml(item.link)}" style="color:inherit">${escapeHtml(headLine(item))}</a></p>`,
    `<table style="${FONT};border-collapse:collapse">${rows.join('')}</table></div>`,
  ].join('\n');
}
