/** `$A`, `${A}`, `${A:-default}` and `${A:+other}`, as FROM lines may have them (Dockerfile reference, "Environment replacement"). */
export function expandVariables(text: string, values: Readonly<Record<string, string>>): string {
  const value = (name: string) => (Object.hasOwn(values, name) ? values[name]! : '');
  return text.replace(
    /\$(?:\{(\w+)(?::?([-+])((?:[^{}]|\{[^{}]*\})*))?\}|(\w+))/g,
    (_whole, braced: string | undefined, operator: string | undefined, word = '', plain: string | undefined) => {
      const found = value(braced ?? plain ?? '');
      if (operator === '-') return found || expandVariables(word, values);
      if (operator === '+') return found ? expandVariables(word, values) : '';
      return found;
    },
  );
}
