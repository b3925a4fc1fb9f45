import { Component, createElement, type FunctionComponent } from 'preact';

/** A view that renders again only when one of its properties is replaced. */
export function memo<Properties extends object>(View: FunctionComponent<Properties>) {
  return class Memo extends Component<Properties> {
    override shouldComponentUpdate(next: Readonly<Properties>): boolean {
      const before = this.props as Record<string, unknown>;
      const after = next as Record<string, unknown>;
      const names = Object.keys(after);
      return (
        names.length !== Object.keys(before).length ||
        names.some((name) => !Object.is(before[name], after[name]))
      );
    }

    override render() {
      return createElement(View, this.props as Properties);
    }
  };
}
