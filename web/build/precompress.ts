import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Plugin } from "vite";

const compressible = /\.(js|css|html|svg|json|txt)$/;
const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

/**
 * Writes `file.gz` and `file.br` beside every compressible file of the build, so that the server
 * sends ready bytes and never compresses on the request path. index.html is left out: the server
 * fills in the head of each product page and cannot send it ready-made.
 */
export function precompress(): Plugin {
  return {
    name: "jishi-precompress",
    apply: "build",
    async writeBundle(options, bundle) {
      const dir = options.dir;
      if (!dir) return;
      const names = Object.keys(bundle).filter((name) => compressible.test(name) && name !== "index.html");
      await Promise.all(names.map(async (name) => {
        const bytes = await readFile(join(dir, name));
        if (bytes.length < 1024) return;
        const [gz, br] = await Promise.all([
          gzipAsync(bytes, { level: 9 }),
          brotliAsync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
        ]);
        await Promise.all([writeFile(join(dir, name + ".gz"), gz), writeFile(join(dir, name + ".br"), br)]);
      }));
    },
  };
}
