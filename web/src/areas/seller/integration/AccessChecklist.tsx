import { CheckCircleFilled, ClockCircleOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { get } from "../../../api/client";
import { Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { integrationPath, type Checklist } from "./integration";
import css from "./integration.module.css";
import { Lacks } from "./Lacks";

export const checklistKey = "integration-checklist";

/** The access flow (接入流程) from the application to the first sold instance; it ticks itself. Of one product where that matters. */
export function AccessChecklist({ productId, hideWhenDone = false }: { productId?: string; hideWhenDone?: boolean }) {
  const { t, i18n } = useTranslation("integration");
  const { data, error, refetch } = useQuery({
    queryKey: [checklistKey, productId ?? "", i18n.language], queryFn: ({ signal }) => get<Checklist>(`${integrationPath}/checklist`, { productId }, signal), staleTime: 0,
  });
  if (error && !data) return hideWhenDone ? null : <Panel title={t("checklist.title")}><PageError error={error} onRetry={() => void refetch()} /></Panel>;
  if (!data) return hideWhenDone ? null : <Panel title={t("checklist.title")}><div role="status" aria-label={t("loading", { what: t("checklist.title") })} style={{ minHeight: 240 }} /></Panel>;
  if (hideWhenDone && !data.next) return null;
  return (
    <Panel title={t("checklist.title")} extra={<span className="soft">{t("checklist.done", { done: data.done, total: data.steps.length })}</span>}>
      <ol className={css.checklist}>
        {data.steps.map((step) => (
          <li key={step.code} aria-current={step.code === data.next ? "step" : undefined}>
            {step.done ? <CheckCircleFilled style={{ color: "var(--j-success)" }} role="img" aria-label={t("checklist.ticked")} /> : <ClockCircleOutlined className="faint" role="img" aria-label={t("checklist.open")} />}
            <div>
              {step.done ? <span>{step.title}</span> : <Link to={step.link}>{step.title}</Link>}
              {!step.required && <span className="faint"> {t("checklist.optional")}</span>}
              {step.cases.length > 0 ? <Lacks lacks={step.cases} /> : step.missing && <p className="faint">{step.missing}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
