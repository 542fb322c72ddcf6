/** A line that never ends is passed on in pieces of this many characters. */
const lineMax = 16_384;

/** Makes whole lines of pieces of text; `pass` gets them in order, and holds back whoever writes until it is done. */
export function openLines(pass: (lines: string[]) => Promise<void>) {
  let rest = '';
  const write = async (piece: string): Promise<void> => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > lineMax) {
      lines.push(rest);
      rest = '';
    }
    if (lines.length > 0) await pass(lines.map((line) => line.replace(/\r$/, '')));
  };
  return {
    write,
    /** Passes on what has no line feed at its end. */
    end: () => (rest === '' ? Promise.resolve() : write('\n')),
  };
}
