import { describe, expect, it } from 'vitest';
import { agentMark, parseAgentLine } from './agent-line.js';

describe('lines of agents', () => {
  it('are told from those of the main process', () => {
    expect(parseAgentLine(`${agentMark('metrics')}hello: world`)).toEqual({ agent: 'metrics', text: 'hello: world' });
    expect(parseAgentLine('hello')).toEqual({ agent: undefined, text: 'hello' });
  });

  it('are taken for the main process’s own when the mark is not one of ours', () => {
    for (const line of ['\u001E\u001Ex', '\u001E../x\u001Ex', 'x\u001Ea\u001Ex', `\u001E${'a'.repeat(31)}\u001Ex`])
      expect(parseAgentLine(line)).toEqual({ agent: undefined, text: line });
  });
});
