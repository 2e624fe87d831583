import type { Outcome, TaskStatus } from '../api/types';
import type { Line } from './line-store';

/** What the page asks of the worker of one task's output. */
export type ToWorker =
  | { kind: 'open'; pid: string; base: string }
  /** Read the output while it is looked at; a tab in the background holds no connection. */
  | { kind: 'read'; on: boolean }
  | { kind: 'window'; id: number; from: number; to: number }
  | { kind: 'text'; id: number; from: number; to: number; limit: number }
  | { kind: 'search'; query: string; matchCase: boolean }
  | { kind: 'download'; id: number; times: boolean; childNames: Record<string, string> }
  | { kind: 'clear' };

export type Connection = 'idle' | 'connecting' | 'reading' | 'waiting' | 'signedOut' | 'ended' | 'failed';

export interface OutputState {
  /** Numbers of the first line that is kept and behind the last one, with lines that have no newline yet. */
  first: number;
  end: number;
  dropped: number;
  cleared: boolean;
  connection: Connection;
  message: string;
  pids: string[];
  status: TaskStatus | null;
  outcome: Outcome | null;
}

export type FromWorker =
  | { kind: 'state'; state: OutputState }
  | { kind: 'window'; id: number; from: number; lines: Line[] }
  | { kind: 'text'; id: number; text: string | null; lines: number }
  | { kind: 'found'; lines: Uint32Array; restarted: boolean; done: boolean }
  | { kind: 'file'; id: number; blob: Blob | null; message: string };
