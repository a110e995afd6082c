import { createHmac } from "node:crypto";

const alphabet = "abcdefghijklmnopqrstuvwxyz234567";
const period = 30_000;

function bytes(base32: string): Buffer {
  const bits = [...base32.toLowerCase().replace(/[^a-z2-7]/g, "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

/** The code of one step (RFC 6238). */
function codeOf(secret: string, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const sum = createHmac("sha1", bytes(secret)).update(counter).digest();
  const at = sum[sum.length - 1]! & 0xf;
  return String((sum.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** An authenticator app. No code is given twice: the server takes each once, and one that is a step early. */
export class Device {
  #last = 0;

  constructor(private readonly secret: string) {}

  async code(): Promise<string> {
    const step = Math.max(Math.floor(Date.now() / period), this.#last + 1);
    const early = (step - 1) * period - Date.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    this.#last = step;
    return codeOf(this.secret, step);
  }

  /** A code of no step near now. */
  wrong(): string {
    const now = Math.floor(Date.now() / period);
    const near = new Set([-2, -1, 0, 1, 2].map((off) => codeOf(this.secret, now + off)));
    return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !near.has(code))!;
  }
}
