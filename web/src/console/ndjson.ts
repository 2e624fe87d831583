import type { Outcome, OutputRecord, TaskState, TaskStatus } from '../api/types';

export type OutputItem =
  | { kind: 'record'; record: OutputRecord }
  | { kind: 'status'; pid: string; status: TaskStatus }
  | { kind: 'end'; state: TaskState; outcome: Outcome | null };

interface Wire extends Partial<OutputRecord> {
  status?: TaskStatus & { pid: string };
  end?: { state: TaskState; outcome: Outcome | null };
}

/** One line of the output stream. Throws when it is not what the API describes. */
export function parseOutputLine(line: string): OutputItem {
  const wire = JSON.parse(line) as Wire;
  if (wire.end) return { kind: 'end', ...wire.end };
  if (wire.status) return { kind: 'status', pid: wire.status.pid, status: wire.status };
  const { offset, next, time, stream, pid, text } = wire;
  if (offset === undefined || time === undefined || !stream || !pid || text === undefined) {
    throw new Error(`not a record of output: ${line.slice(0, 200)}`);
  }
  return { kind: 'record', record: { offset, next: next ?? offset, time, stream, pid, text } };
}

/** Cuts a stream of text into its lines, whatever pieces it comes in. */
export class LineCutter {
  private rest: string[] = [];

  push(piece: string, visit: (line: string) => void): void {
    let start = 0;
    for (let end = piece.indexOf('\n'); end !== -1; end = piece.indexOf('\n', start)) {
      const tail = piece.slice(start, end);
      const line = this.rest.length > 0 ? this.rest.join('') + tail : tail;
      this.rest = [];
      if (line !== '') visit(line);
      start = end + 1;
    }
    if (start < piece.length) this.rest.push(piece.slice(start));
  }
}
