import { useTranslation } from "react-i18next";
import { asProblem, type ApiProblem } from "../api/problem";
import { RequestId } from "./RequestId";

/** What went wrong, in the reader's words: the server's text, else one by status. */
export function useProblemText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => textOf(asProblem(error), t);
}

function textOf(problem: ApiProblem, t: (key: string, options?: Record<string, unknown>) => string): string {
  if (problem.detail) return problem.detail;
  if (problem.code === "network") return t("problem.network");
  if (problem.status === 404) return t("problem.not_found");
  if (problem.status === 403) return t("problem.forbidden");
  if (problem.status === 429) return t("problem.too_many");
  if (problem.retryable) return t("problem.unavailable");
  return t("problem.unknown");
}

/** A problem in one line with its request id, for use beside the thing that failed. */
export function ProblemText({ error }: { error: unknown }) {
  const problem = asProblem(error);
  const text = useProblemText();
  return (
    <span role="alert" style={{ color: "var(--j-danger)", fontSize: 12 }}>
      {text(problem)} {problem.requestId && <RequestId id={problem.requestId} />}
    </span>
  );
}
