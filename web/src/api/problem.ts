/** One wrong field of a request: `field` is its path such as `name.zh` or `specs[0].price`. */
export interface FieldProblem {
  field: string;
  code: string;
  /** Localised by the server. */
  message: string;
}

/**
 * An answer of the API that is not a success (RFC 9457), or no answer at all (status 0).
 * `message` is fit to be shown: the server's localised detail, or empty for status 0.
 */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    /** Stable, such as `order.bad_transition`; `network` when nothing answered. */
    readonly code: string,
    readonly detail: string,
    readonly fields: FieldProblem[] = [],
    /** The object's current state when the status is 409. */
    readonly state = "",
    readonly requestId = "",
  ) {
    super(detail);
  }

  /** True when the same request may succeed later without change. */
  get retryable(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

/** Any thrown value as an ApiProblem; a fetch that failed becomes code `network`. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof TypeError && /fetch|network|load failed/i.test(error.message)) return new ApiProblem(0, "network", "");
  return new ApiProblem(0, "client", error instanceof Error ? error.message : String(error));
}

interface ProblemBody {
  code?: unknown;
  title?: unknown;
  detail?: unknown;
  state?: unknown;
  requestId?: unknown;
  fields?: unknown;
}

/** Reads a failed answer; bodies that are not problem documents (a proxy's HTML) give code `http_<status>`. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get("X-Request-Id") ?? "";
  let body: ProblemBody = {};
  if ((response.headers.get("Content-Type") ?? "").includes("json")) {
    const parsed: unknown = await response.json().catch(() => null);
    if (parsed && typeof parsed === "object") body = parsed;
  }
  return new ApiProblem(
    response.status,
    text(body.code) || `http_${response.status}`,
    text(body.detail) || text(body.title),
    Array.isArray(body.fields) ? body.fields.flatMap(fieldOf) : [],
    text(body.state),
    text(body.requestId) || requestId,
  );
}

function fieldOf(value: unknown): FieldProblem[] {
  if (!value || typeof value !== "object") return [];
  const { field, code, message } = value as Record<string, unknown>;
  return text(field) ? [{ field: text(field), code: text(code), message: text(message) }] : [];
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** A field's path as antd's form name: `specs[0].price` and `specs.0.price` become ["specs", 0, "price"]. */
export function fieldPath(field: string): (string | number)[] {
  return field.replace(/^body\./, "").replace(/\[(\d+)\]/g, ".$1").split(".").filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
