import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { movedPath } from '../lib/paths';

const most = 200;

interface Remembered {
  /** The last parameters of each script, by its application and path; the newest last. */
  parameters: Record<string, string>;
}

export const useRemembered = create<Remembered>()(persist(() => ({ parameters: {} }), { name: 'am-parameters' }));

export const scriptKey = (applicationId: string, path: string) => `${applicationId}/${path}`;

export function rememberParameters(key: string, text: string): void {
  useRemembered.setState(({ parameters }) => {
    const others = Object.entries(parameters).filter(([name]) => name !== key);
    return { parameters: Object.fromEntries([...others.slice(1 - most), [key, text]]) };
  });
}

export function rememberedMoved(applicationId: string, from: string, to: string): void {
  const [old, now] = [scriptKey(applicationId, from), scriptKey(applicationId, to)];
  useRemembered.setState(({ parameters }) => ({
    parameters: Object.fromEntries(Object.entries(parameters).map(([key, text]) => [movedPath(key, old, now), text])),
  }));
}
