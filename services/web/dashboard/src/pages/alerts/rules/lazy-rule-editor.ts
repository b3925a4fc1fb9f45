import { lazyView } from '../../../components/lazy-view.tsx';
import type { RuleEditorProps } from './rule-editor.tsx';

export const RuleEditor = lazyView<RuleEditorProps>({
  waiting: null,
  load: async () => (await import('./rule-editor.tsx')).RuleEditor,
});
