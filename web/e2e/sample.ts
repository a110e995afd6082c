import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The program under test, as `npm run build` and `go build` leave it; JISHI_BIN names another. */
const program = process.env.JISHI_BIN ?? join(import.meta.dirname, "../../bin/jishi");

/** A running sample seller's application. */
export interface Sample {
  /** Scheme, host and port. */
  url: string;
  stop: () => Promise<void>;
}

/** Starts the sample seller's application (`jishi isv`) with a V2 key and perhaps more of its variables, on a free port and in a folder of its own. */
export async function startSample(v2Key: string, more: Record<string, string> = {}): Promise<Sample> {
  const folder = await mkdtemp(join(tmpdir(), "jishi-sample-"));
  const child = spawn(program, ["isv", "--listen", "127.0.0.1:0", "--data", folder], { env: { ...process.env, JISHI_ISV_V2_KEY: v2Key, ...more } });
  const ended = new Promise<void>((done) => child.once("close", () => done()));
  const stop = async () => {
    child.kill();
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let said = "";
  const url = await new Promise<string | undefined>((found) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString();
      const at = /\burl"?[=:]"?(http:\/\/[^\s",]+)/.exec(said);
      if (at) found(at[1]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    void ended.then(() => found(undefined));
  });
  if (url) return { url, stop };
  await stop();
  throw new Error(`the sample seller's application has ended: ${said}`);
}
