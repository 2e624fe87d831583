import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The dev server passes the API on to a running manager: AM_URL=http://127.0.0.1:8080 npm run dev
const manager = process.env.AM_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  base: './',
  plugins: [react()],
  build: {
    outDir: process.env.AM_WEB_OUT ?? resolve('../build/web'),
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: {
    host: '127.0.0.1',
    proxy: {
      '/api': { target: manager, ws: true },
      '/sign-in': { target: manager },
    },
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
