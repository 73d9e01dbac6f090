import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const server = 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/',
  plugins: [react()],
  server: {
    // A test compares the languages with the generated page of metrics.
    fs: { allow: ['.', '../docs'] },
    proxy: {
      '^(/o/[^/]+)?/api/': server,
      '/auth/': server,
      '/health': server,
      '/openapi.json': server,
      '/docs': server,
    },
  },
  build: {
    outDir: 'dist',
    target: 'es2022',
    chunkSizeWarningLimit: 700,
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/testing/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'tracker/**/*.test.ts'],
    css: false,
    testTimeout: 20_000,
  },
});
