/** The API's objects, as `openapi.json` describes them. */

/** How far the tasks of an application are kept apart from others; `default`: as the hypervisor is set. */
export const taskIsolations = ['default', 'shared', 'isolated'] as const;
export type TaskIsolation = (typeof taskIsolations)[number];

export interface Application {
  id: string;
  name: string;
  path: string;
  isolation: TaskIsolation;
  createdAt: string;
}

export interface FileEntry {
  path: string;
  type: 'file' | 'folder';
  size: number;
  modifiedAt: string;
  executable: boolean;
  scriptId: string | null;
}

export interface Script {
  id: string;
  path: string;
}

export interface User {
  id: string;
  name: string;
  role: string;
}

export const taskStates = ['queued', 'starting', 'running', 'closed'] as const;
export type TaskState = (typeof taskStates)[number];

export const outcomeKinds = [
  'exited',
  'signaled',
  'timed_out',
  'memory_limit',
  'stopped',
  'failed_to_start',
  'lost',
] as const;
export type OutcomeKind = (typeof outcomeKinds)[number];

export interface Outcome {
  kind: OutcomeKind;
  exitCode?: number | null;
  signal?: number | null;
  message?: string;
}

/** `progress` is 0 to 1, or null when the task does not say. */
export interface TaskStatus {
  text: string;
  progress: number | null;
}

export type JsonObject = Record<string, unknown>;

export interface Task {
  pid: string;
  parentPid: string | null;
  applicationId: string;
  scriptId: string;
  owner: string;
  startParams: JsonObject;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  language: string;
  startPath: string;
  state: TaskState;
  outcome: Outcome | null;
  limits: { timeoutSec: number; memoryMb: number };
  usage: { cpuSec?: number; memoryPeakMb?: number; outputBytes?: number };
  hypervisor: string | null;
  status?: TaskStatus | null;
}

/** Live use of a running task. */
export interface TaskUsage {
  cpuSec: number;
  memoryMb: number;
  memoryPeakMb: number;
  processes: number;
}

export type OutputStream = 'stdout' | 'stderr' | 'system';

/** Some of what a task printed; `offset` and `next` count the bytes of that task's own output. */
export interface OutputRecord {
  offset: number;
  next: number;
  time: number;
  stream: OutputStream;
  pid: string;
  text: string;
}

export interface Hypervisor {
  id: string;
  name: string;
  version: string;
  capacity: number;
  running: number;
  venvs: string[];
  connectedAt: string;
}

export interface TaskFilter {
  state?: TaskState | undefined;
  applicationId?: string | undefined;
  scriptId?: string | undefined;
  outcome?: OutcomeKind | undefined;
  owner?: string | undefined;
  since?: string | undefined;
  until?: string | undefined;
}

export type ServerEvent =
  | { type: 'task'; task: Task }
  | { type: 'files'; applicationId: string }
  | { type: 'applications' }
  | { type: 'hypervisors' };
