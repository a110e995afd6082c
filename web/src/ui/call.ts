/** One attempt of a call between marketplace and seller, as the deliveries API returns it (secrets masked by the server). */
export interface Call {
  method: string;
  url: string;
  requestHeaders: Record<string, string>;
  requestBody: string;
  /** 0 when no answer came. */
  status: number;
  responseHeaders: Record<string, string>;
  responseBody: string;
  /** RFC 3339. */
  startedAt: string;
  durationMs: number;
  /** Why there is no usable answer, in the reader's language. */
  error?: string;
}

/** The parts of a signature, in the order in which they are signed. */
export interface SignaturePart {
  name: string;
  value: string;
  /** What it is and where it comes from. */
  meaning: string;
}

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The call as a curl command line for a POSIX shell. */
export function asCurl(call: Call): string {
  const parts = [`curl -i ${call.method === "GET" ? "" : `-X ${call.method} `}${quote(call.url)}`];
  for (const [name, value] of Object.entries(call.requestHeaders)) {
    if (!/^(content-length|host|connection|accept-encoding)$/i.test(name)) parts.push(`-H ${quote(`${name}: ${value}`)}`);
  }
  if (call.requestBody) parts.push(`--data-raw ${quote(call.requestBody)}`);
  return parts.join(" \\\n  ");
}

/** JSON with indentation; anything else as it is. */
export function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** Bytes as offset, hexadecimal and printable ASCII, sixteen a line. */
export function hexDump(body: string, limit = 4096): string {
  const bytes = new TextEncoder().encode(body).subarray(0, limit);
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = [...bytes.subarray(at, at + 16)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, "0")).join(" ").padEnd(47);
    const text = row.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");
    lines.push(`${at.toString(16).padStart(6, "0")}  ${hex}  ${text}`);
  }
  return lines.join("\n");
}
