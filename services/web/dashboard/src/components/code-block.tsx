import { CopyButton } from './copy-button.tsx';

/** Code to be copied. */
export function CodeBlock({ label, code }: { label: string; code: string }) {
  return (
    <div class="code-block">
      <pre tabIndex={0} aria-label={label}>
        <code>{code}</code>
      </pre>
      <CopyButton text={code} />
    </div>
  );
}
