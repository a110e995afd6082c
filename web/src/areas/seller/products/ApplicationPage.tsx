import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { get, send } from "../../../api/client";
import { useSession } from "../../../api/session";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { CopyText } from "../../../ui/CopyText";
import { DetailPage } from "../../../ui/DetailPage";
import { LinkButton } from "../../../ui/LinkButton";
import { Panel } from "../../../ui/Page";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import { ContentView } from "./ContentView";
import { applicationsPath, inLang, reviewDue, type Application, type Reason, type Version } from "./product";
import css from "./products.module.css";

/** One application with its decision and, for a release or change, what was submitted. */
export function ApplicationPage() {
  const { t, i18n } = useTranslation("catalogue");
  const { id = "" } = useParams();
  const { can } = useSession();
  const client = useQueryClient();
  const path = `${applicationsPath}/${id}`;
  const { data, error, refetch } = useQuery({
    queryKey: ["product-application", id, i18n.language],
    queryFn: ({ signal }) => get<{ application: Application; reasons: Reason[]; version?: Version }>(path, undefined, signal),
  });
  const one = data?.application;
  const open = one?.state === "reviewing";
  return (
    <DetailPage title={one && inLang(one.productName, i18n.language)} error={error} onRetry={() => void refetch()} back={{ to: "/seller/applications", label: t("applications.title") }}
      subtitle={one && <>{t(`kind.${one.kind}`)} · <CopyText text={one.id} /></>}
      state={one && <StateTag kind="application" state={one.state} {...(open ? { next: t("product.waits"), by: reviewDue(one.submittedAt) } : {})} />}
      facts={one && [
        { label: t("field.submitted"), value: <Time at={one.submittedAt} /> },
        { label: t("field.decided"), value: one.decidedAt ? <Time at={one.decidedAt} /> : "–" },
        ...(one.reason ? [{ label: t("request.reason"), value: one.reason, wide: true }] : []),
      ]}
      actions={one && <>
        <LinkButton to={`/seller/products/${one.productId}`}>{t("applications.product")}</LinkButton>
        {(one.state === "rejected" || one.state === "withdrawn") && one.versionId && can("product:write") && <LinkButton type="primary" to={`/seller/products/${one.productId}/edit`}>{t("applications.resubmit")}</LinkButton>}
        {open && can("product:write") && <ConfirmAction label={t("product.withdraw")} title={t("product.withdraw_title")} cost={t("product.withdraw_cost")}
          run={({ key }) => send("POST", `${path}/withdraw`, undefined, key)} onDone={() => client.invalidateQueries()} doneText={t("product.withdrawn")} />}
      </>}>
      {one?.state === "rejected" && (
        <Alert type="error" showIcon title={t("applications.rejected")} style={{ marginBottom: 16 }}
          description={<>{data?.reasons.length ? <ul className={css.missing}>{data.reasons.map((reason) => <li key={reason.code}>{reason.text}</li>)}</ul> : null}{one.comment}</>} />
      )}
      {one?.state === "approved" && one.comment && <Alert type="success" showIcon title={t("field.comment")} description={one.comment} style={{ marginBottom: 16 }} />}
      {data?.version && <Panel><ContentView content={data.version.content} files={{}} /></Panel>}
    </DetailPage>
  );
}
