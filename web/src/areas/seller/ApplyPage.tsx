import { useQuery } from "@tanstack/react-query";
import { Alert } from "antd";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { DetailPage } from "../../ui/DetailPage";
import { LinkButton } from "../../ui/LinkButton";
import { Panel } from "../../ui/Page";
import { StateTag } from "../../ui/StateTag";
import { AccessProgress } from "./AccessProgress";
import { reviewDue, type Application, type Apply } from "./application";
import { ApplicationFacts } from "./ApplicationFacts";
import { ApplyForm } from "./ApplyForm";
import { historyEntries } from "./history";

/** Becoming a seller, or changing the seller information: the form, or the state of what was submitted. */
export function ApplyPage() {
  const { t } = useTranslation("sellers");
  const { session, can, refresh } = useSession();
  const { data, error, refetch } = useQuery({ queryKey: ["seller-application"], queryFn: ({ signal }) => get<Apply>("/api/v1/seller/application", undefined, signal) });
  const reload = async () => { await refetch(); await refresh(); };
  const isSeller = Boolean(session?.seller);
  const allowed = can(isSeller ? "shop:write" : "seller:apply");
  const open = data?.application && ["draft", "reviewing", "rejected"].includes(data.application.state) ? data.application : undefined;

  return (
    <DetailPage title={data && t(isSeller ? "apply.change_title" : "apply.title")} error={error} onRetry={() => void refetch()}
      subtitle={t(isSeller ? "apply.change_intro" : "apply.intro")}
      state={open && <StateTag kind="application" state={open.state} {...(open.state === "reviewing" ? { next: t("apply.waits"), by: reviewDue(open.submittedAt) } : {})} />}
      {...(data?.application ? { timeline: historyEntries(data.application.history, t) } : {})}
      actions={open?.state === "reviewing" && allowed && <Withdraw application={open} onDone={reload} />}>
      {data && <Body apply={data} open={open} allowed={allowed} isSeller={isSeller} onDone={reload} />}
    </DetailPage>
  );
}

function Withdraw({ application, onDone }: { application: Application; onDone: () => Promise<void> }) {
  const { t } = useTranslation("sellers");
  return (
    <ConfirmAction label={t("apply.withdraw")} title={t("apply.withdraw_title")} cost={t("apply.withdraw_cost")} doneText={t("apply.withdrawn")} onDone={onDone}
      run={({ key }) => send("POST", `/api/v1/seller/application/${application.id}/withdraw`, undefined, key)} />
  );
}

function Body({ apply, open, allowed, isSeller, onDone }: { apply: Apply; open: Application | undefined; allowed: boolean; isSeller: boolean; onDone: () => Promise<void> }) {
  const { t } = useTranslation("sellers");
  if (apply.realName.state !== "verified") {
    return (
      <>
        <Alert type="warning" showIcon title={t("apply.real_name")} description={t(apply.realName.state === "pending" ? "apply.real_name_pending" : "apply.real_name_hint")}
          action={<LinkButton to="/buyer/account">{t("apply.to_real_name")}</LinkButton>} style={{ marginBottom: 16 }} />
        <AccessProgress steps={apply.progress} />
      </>
    );
  }
  if (!allowed) return <Alert type="info" showIcon title={t("apply.owner_only")} />;
  if (open?.state === "reviewing") {
    return (
      <Panel title={t("apply.submitted")}>
        <ApplicationFacts application={open} licenceUrl={`/api/v1/seller/application/${open.id}/licence`} />
      </Panel>
    );
  }
  return (
    <>
      {open?.state === "rejected" && <Alert type="error" showIcon title={t("apply.rejected")} description={open.reason} style={{ marginBottom: 16 }} />}
      {!isSeller && <AccessProgress steps={apply.progress} />}
      <Panel><ApplyForm apply={apply} onSubmitted={onDone} /></Panel>
    </>
  );
}
