import {
  nameFor,
  type Alert,
  type ChannelLanguage,
  type StoredChannel,
} from '@llm-monitor/contracts/alerts';

import { latestOfEach } from '../delivery/latest-of-each.ts';
import type { Notification } from '../notification.ts';
import { cleanText } from './clean-text.ts';
import { formatSpan, formatTime, formatValue } from './format-values.ts';
import { MESSAGE_TEXTS, type MessageTexts } from './message-texts.ts';
import type { Fact, Message, MessageItem } from './message.ts';

/** Every channel has room for so many. */
const MAX_ITEMS = 10;
const MARKS = { info: '🔵', warning: '🟠', critical: '🔴' } as const;
const RESOLVED_MARK = '✅';
const TEST_MARK = '🔔';

/** Puts what there is to tell into words. `notifications`: at least one. */
export function renderMessage(given: {
  id: string;
  channel: Pick<StoredChannel, 'id' | 'name' | 'language'>;
  notifications: readonly Notification[];
  /** Where people find the dashboard. */
  dashboardUrl: string;
  nowMs: number;
}): Message {
  const { channel, dashboardUrl } = given;
  const { language } = channel;
  const texts = MESSAGE_TEXTS[language];
  const all = latestOfEach(given.notifications);
  const items = all.slice(0, MAX_ITEMS).map((one) => renderItem(one, channel, texts, dashboardUrl));
  const [first] = items;
  if (!first) throw new RangeError('there is nothing to tell');
  const resolved = all.filter(({ what }) => what === 'resolved').length;
  return {
    ...{ id: given.id, channel: channel.id, language, atMs: given.nowMs, notifications: all },
    ...{ what: first.what, severity: first.severity, mark: first.mark },
    title: all.length === 1 ? first.title : texts.several(all.length - resolved, resolved),
    items,
    more: all.length > MAX_ITEMS ? texts.more(all.length - MAX_ITEMS) : null,
    link: all.length === 1 ? first.link : linkTo(dashboardUrl, '/alerts'),
    linkTitle: texts.open,
  };
}

function renderItem(
  { what, alert }: Notification,
  channel: Pick<StoredChannel, 'name' | 'language'>,
  texts: MessageTexts,
  dashboardUrl: string,
): MessageItem {
  const { severity } = alert;
  const link = linkTo(dashboardUrl, alert.link);
  if (what === 'test') {
    const facts = [{ label: texts.testLabel, value: texts.testText }];
    return {
      ...{ what, severity, link, facts },
      mark: TEST_MARK,
      title: texts.test(cleanText(channel.name)),
    };
  }
  const name = nameOf(alert, channel.language);
  const word = texts.severities[severity];
  return {
    ...{ what, severity, link },
    mark: what === 'resolved' ? RESOLVED_MARK : MARKS[severity],
    title: what === 'resolved' ? texts.resolved(name) : texts[what](word, name),
    facts: factsOf(what, alert, channel.language, texts),
  };
}

/** `Too many failures (phi3)`. */
function nameOf({ rule, name: stored, of }: Alert, language: ChannelLanguage): string {
  const name = nameFor({ id: rule, name: stored }, language);
  const about = Object.values(of).map((value) => cleanText(value, 80));
  return about.length > 0 ? `${cleanText(name)} (${about.join(', ')})` : cleanText(name);
}

function factsOf(
  what: Notification['what'],
  alert: Alert,
  language: ChannelLanguage,
  texts: MessageTexts,
): Fact[] {
  const figure = (value: number) => formatValue(value, alert.unit, language);
  const value = alert.value === null ? texts.noValue : figure(alert.value);
  const about = Object.entries(alert.of).map(([kind, name]) => ({
    label: texts.of[kind] ?? cleanText(kind, 24),
    value: cleanText(name),
  }));
  return [
    {
      label: what === 'resolved' ? texts.lastValue : texts.value,
      value: texts.limit(value, alert.comparator, figure(alert.threshold)),
    },
    {
      label: texts.metric,
      value: texts.window(cleanText(alert.metric, 64), formatSpan(alert.windowSeconds, language)),
    },
    ...about,
    ...(what === 'resolved'
      ? overFacts(alert, language, texts)
      : [{ label: texts.since, value: formatTime(alert.since) }]),
  ];
}

function overFacts(alert: Alert, language: ChannelLanguage, texts: MessageTexts): Fact[] {
  const { firedAt, resolvedAt, resolution } = alert;
  const from = firedAt ?? alert.since;
  const to = resolvedAt ?? alert.since;
  const span = formatSpan(Math.max(0, Date.parse(to) - Date.parse(from)) / 1000, language);
  return [
    { label: texts.time, value: texts.lasted(formatTime(from), formatTime(to), span) },
    ...(resolution ? [{ label: texts.because, value: texts.resolutions[resolution] }] : []),
  ];
}

/** Only a path of the dashboard itself is followed; its address leaves nothing that could end a mark. */
function linkTo(dashboardUrl: string, path: string): string {
  const base = dashboardUrl.replace(/\/+$/, '');
  const isPath = path.startsWith('/') && !/^\/[/\\]/.test(path);
  const { href } = new URL(`${base}${isPath ? path : '/alerts'}`);
  return href.replaceAll('|', '%7C').replaceAll("'", '%27');
}
