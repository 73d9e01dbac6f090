import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

/** What the tracker may weigh, gzipped: it is loaded by every page of the platform. Bytes. */
const MOST = 3 * 1024;

/** The build fails when a file is heavier. */
const light: Plugin = {
  name: 'octavo-light',
  generateBundle(_, bundle) {
    for (const file of Object.values(bundle)) {
      const size = gzipSync(file.type === 'chunk' ? file.code : file.source).length;
      if (size > MOST) this.error(`${file.fileName} is ${size} bytes gzipped; ${MOST} are allowed`);
    }
  },
};

// The tracker for the platform's pages, beside the pages of Octavo itself.
export default defineConfig({
  publicDir: false,
  plugins: [light],
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2021',
    modulePreload: false,
    rollupOptions: {
      input: 'tracker/main.ts',
      optimization: { inlineConst: true },
      // Whatever fails in here, the page goes on.
      output: { format: 'iife', entryFileNames: 'octavo.js', intro: 'try {', outro: '} catch {}' },
    },
  },
});
