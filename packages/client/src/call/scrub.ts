/** Something of which one of the patterns could be a part; most texts have nothing of it. */
const SUSPICIOUS =
  /:\/\/|;base64,|bearer|basic|[prs]k[-_]|akia|aiza|gh[pousr]_|github_pat_|hf_|glpat-|xox[abprs]-|eyj|-----begin/i;

const SIGNING =
  'x-amz-[a-z-]+|x-goog-[a-z-]+|awsaccesskeyid|key-pair-id|policy|signature|sig|access_token|token|api[_-]?key|key|code|password|secret';

/** What must never leave a process, and what stands in its place. */
const PATTERNS: readonly [RegExp, string][] = [
  [/(;base64,)[A-Za-z0-9+/=_-]+/g, '$1[removed]'],
  // Up to the last one: a password may have some itself.
  [/(:\/\/)[^\s/"'<>]*@/g, '$1'],
  [new RegExp(`([?&#](?:${SIGNING})=)[^&#\\s"'<>)\\]]+`, 'gi'), '$1[removed]'],
  [/\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi, '$1[removed]'],
  [/\b(authorization["']?\s*[:=]\s*["']?basic\s+)[A-Za-z0-9+/=]+/gi, '$1[removed]'],
  [/\b(?:sk|rk|pk)-[A-Za-z0-9_-]{12,}/g, '[removed]'],
  [/\b(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{12,}/g, '[removed]'],
  [/\bAIza[A-Za-z0-9_-]{30,}/g, '[removed]'],
  [/\b(?:github_pat_|hf_|glpat-)[A-Za-z0-9_-]{16,}/g, '[removed]'],
  // From where a run begins: from each place in it would take the square of its length.
  [
    /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g,
    '[removed]',
  ],
  [/\bAKIA[0-9A-Z]{12,}/g, '[removed]'],
  [/\b(?:gh[pousr]_|xox[abprs]-)[A-Za-z0-9-]{12,}/g, '[removed]'],
  [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
    '[removed]',
  ],
];

/** A text without embedded files, passwords and signatures in URLs, and keys in the forms that are known. */
export function scrub(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return PATTERNS.reduce((clean, [pattern, instead]) => clean.replace(pattern, instead), text);
}
