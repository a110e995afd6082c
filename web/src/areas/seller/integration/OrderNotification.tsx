import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../../api/client";
import { ConfirmAction } from "../../../ui/ConfirmAction";
import { CopyText } from "../../../ui/CopyText";
import { Facts } from "../../../ui/DetailPage";
import { Panel } from "../../../ui/Page";
import { PageError } from "../../../ui/PageError";
import { StateTag } from "../../../ui/StateTag";
import { Time } from "../../../ui/Time";
import css from "./integration.module.css";
import { NotificationForm } from "./NotificationForm";
import { NotificationTest } from "./NotificationTest";
import { notificationPath, type Notification } from "./notification";

/** Order notification (订单通知配置): where the seller's server is told of paid and refunded orders. */
export function OrderNotification({ write }: { write: boolean }) {
  const { t } = useTranslation("integration");
  const client = useQueryClient();
  const [open, setOpen] = useState<"" | "form" | "test">("");
  const { data, error, refetch } = useQuery({ queryKey: [notificationPath], queryFn: ({ signal }) => get<Notification>(notificationPath, undefined, signal) });
  const changed = (settings: Notification) => client.setQueryData([notificationPath], settings);
  const actions = write && data && (
    <span className={css.buttons}>
      <Button onClick={() => setOpen("form")}>{t(data.configured ? "notice.change" : "notice.set_up")}</Button>
      {data.configured && <Button onClick={() => setOpen("test")}>{t("notice.test")}</Button>}
      {data.configured && <ConfirmAction label={t("notice.stop")} title={t("notice.stop_title")} cost={t("notice.stop_cost")} danger
        run={({ key }) => send("DELETE", notificationPath, undefined, key)} onDone={async () => { await refetch(); }} doneText={t("notice.stopped")} />}
    </span>
  );
  return (
    <div className={css.below}>
      <Panel title={t("notice.title")} extra={actions}>
        <p className={`soft ${css.gap}`}>{t("notice.intro")}</p>
        {error && !data && <PageError error={error} onRetry={() => void refetch()} />}
        {!data && !error && <div role="status" aria-label={t("loading", { what: t("notice.title") })} style={{ minHeight: 80 }} />}
        {data && !data.configured && <p className="faint">{t("notice.off")}</p>}
        {data?.configured && (
          <>
            {!data.keyId && <Alert className={css.gap!} type="warning" showIcon title={t("notice.no_key")} description={t("notice.no_key_hint")} />}
            <Facts facts={[
              { label: t("notice.where"), value: <CopyText text={data.origin + data.path} />, wide: true },
              { label: t("notice.kinds"), value: data.kinds.filter((one) => one.on).map((one) => t(`product_kind.${one.kind}`, { defaultValue: one.kind })).join(t("scenario.and")) || "–", wide: true },
              { label: t("notice.tested"), value: data.case
                ? <StateTag kind="case" state={data.case.holds ? "passed" : "stale"} next={data.case.holds ? undefined : t("notice.stale")} by={undefined} />
                : <StateTag kind="case" state="none" next={t("notice.untested")} /> },
              ...(data.case ? [{ label: t("notice.tested_at"), value: <Time at={data.case.at} detail="second" /> }] : []),
            ]} />
          </>
        )}
      </Panel>
      {open === "form" && data && (
        <Modal open title={t("notice.title")} footer={null} width={640} onCancel={() => setOpen("")} destroyOnHidden>
          <NotificationForm settings={data} onCancel={() => setOpen("")} onDone={(settings) => { changed(settings); setOpen(""); }} />
        </Modal>
      )}
      {open === "test" && (
        <Modal open title={t("notice.test")} width={960} onCancel={() => setOpen("")} footer={<Button onClick={() => setOpen("")}>{t("action.close")}</Button>} destroyOnHidden>
          <NotificationTest onChanged={changed} />
        </Modal>
      )}
    </div>
  );
}
