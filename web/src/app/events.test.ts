import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { askAgain } from './events';

/** A question whose answers are given one by one. */
function question() {
  const answers: ((value: string) => void)[] = [];
  const client = new QueryClient();
  const observer = new QueryObserver(client, {
    queryKey: ['applications'],
    queryFn: () => new Promise<string>((resolve) => answers.push(resolve)),
    staleTime: Infinity,
  });
  const seen: string[] = [];
  const leave = observer.subscribe(({ data }) => {
    if (data !== undefined && seen.at(-1) !== data) seen.push(data);
  });
  const asked = (count: number) => expect.poll(() => answers.length).toBe(count);
  return { client, answers, asked, seen, leave };
}

test('a change while the first answer is under way is asked for again', async () => {
  const { client, answers, asked, seen, leave } = question();
  await asked(1);
  askAgain(client, ['applications']);
  answers[0]?.('before the change');
  await asked(2);
  answers[1]?.('after it');
  await expect.poll(() => seen.at(-1)).toBe('after it');
  leave();
});

test('a change later is asked for once', async () => {
  const { client, answers, asked, seen, leave } = question();
  await asked(1);
  answers[0]?.('first');
  await expect.poll(() => seen.at(-1)).toBe('first');
  askAgain(client, ['applications']);
  await asked(2);
  answers[1]?.('second');
  await expect.poll(() => seen.at(-1)).toBe('second');
  expect(answers.length).toBe(2);
  leave();
});
