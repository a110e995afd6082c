import { Button } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "../api/problem";
import { LinkButton } from "./LinkButton";
import css from "./PageError.module.css";
import { useProblemText } from "./ProblemText";
import { RequestId } from "./RequestId";

interface Props {
  error: unknown;
  /** Offered when the same request may succeed later. */
  onRetry?: (() => void) | undefined;
  /** What this means for money or data: "Nothing was charged." */
  consequence?: ReactNode;
  /** The way on when a retry cannot help; the home page when left out. */
  back?: { to: string; label: string } | undefined;
}

/** A page or part of a page that could not be loaded: what happened, what it means, what to do, and the request id. */
export function PageError({ error, onRetry, consequence, back }: Props) {
  const { t } = useTranslation();
  const text = useProblemText();
  const problem = asProblem(error);
  const title = problem.status === 404 ? t("problem.title_not_found")
    : problem.status === 403 ? t("problem.title_forbidden")
      : problem.code === "network" ? t("problem.title_network") : t("problem.title");
  const final = problem.status === 404 || problem.status === 403;
  return (
    <div className={css.error} role="alert">
      <h2>{title}</h2>
      <p>{text(problem)}</p>
      {consequence && <p className="soft">{consequence}</p>}
      <div className={css.actions}>
        {onRetry && !final && <Button type="primary" onClick={onRetry}>{t("action.retry")}</Button>}
        <LinkButton to={back?.to ?? "/"}>{back?.label ?? t("action.home")}</LinkButton>
      </div>
      <RequestId id={problem.requestId} />
    </div>
  );
}
