import { afterEach, expect, it, vi } from 'vitest';
import { changeApplication } from './applications';

afterEach(() => vi.unstubAllGlobals());

it('an application is changed only where it is to become different', async () => {
  const asked = vi.fn<typeof fetch>().mockResolvedValue(Response.json({ id: 'a/b', name: 'Manual', isolation: 'isolated' }));
  vi.stubGlobal('fetch', asked);
  vi.stubGlobal('document', { baseURI: 'http://am.example/' });
  expect((await changeApplication('a/b', { isolation: 'isolated' })).isolation).toBe('isolated');
  expect(asked).toHaveBeenCalledWith(
    'http://am.example/api/v1/applications/a%2Fb',
    expect.objectContaining({ method: 'PATCH', body: '{"isolation":"isolated"}' }),
  );
});
