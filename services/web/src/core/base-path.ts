/** `/llm-monitor/` as `/llm-monitor`, and `/` as nothing. */
export const toBasePath = (setting: string): string => setting.replace(/\/+$/, '');

/** The address below the base path; as it is where it is not below it. */
export function withoutBasePath(url: string, basePath: string): string {
  if (!basePath || !url.startsWith(basePath)) return url;
  const rest = url.slice(basePath.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : url;
}
