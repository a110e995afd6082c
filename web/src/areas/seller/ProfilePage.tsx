import { useQuery } from "@tanstack/react-query";
import { Alert, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { DetailPage } from "../../ui/DetailPage";
import { LinkButton } from "../../ui/LinkButton";
import { Panel } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { StateTag } from "../../ui/StateTag";
import { reviewDue, type Apply, type SellerProfile } from "./application";
import { ApplicationFacts } from "./ApplicationFacts";
import css from "./seller.module.css";

const path = "/api/v1/seller/profile";

/** The seller information in force, the contact that changes at once, and the way to a reviewed change. */
export function ProfilePage() {
  const { t } = useTranslation("sellers");
  const { can } = useSession();
  const { data: seller, error, refetch } = useQuery({ queryKey: ["seller-profile"], queryFn: ({ signal }) => get<SellerProfile>(path, undefined, signal) });
  const { data: apply } = useQuery({ queryKey: ["seller-application"], queryFn: ({ signal }) => get<Apply>("/api/v1/seller/application", undefined, signal) });
  const change = apply?.application?.kind === "change" && ["draft", "reviewing", "rejected"].includes(apply.application.state) ? apply.application : undefined;

  return (
    <DetailPage title={seller && t("profile.title")} error={error} onRetry={() => void refetch()}
      state={seller && <StateTag kind="seller" state={seller.state} />}
      actions={seller && can("shop:write") && <LinkButton type="primary" to="/seller/apply">{t(change ? "profile.to_change" : "profile.change")}</LinkButton>}>
      {seller && (
        <div className={css.panels}>
          {seller.state === "suspended" && <Alert type="error" showIcon title={t("profile.suspended")} description={seller.stateReason} />}
          {change && (
            <Alert type={change.state === "rejected" ? "error" : "info"} showIcon title={t(`profile.change_${change.state}`)}
              description={change.state === "rejected" ? change.reason : <StateTag kind="application" state={change.state} by={change.state === "reviewing" ? reviewDue(change.submittedAt) : undefined} />} />
          )}
          <Panel title={t("profile.in_force")}><ApplicationFacts application={seller} /></Panel>
          {can("shop:write") && (
            <Panel title={t("profile.contact")}>
              <p className={css.hint}>{t("profile.contact_hint")}</p>
              <ResourceForm<{ phone: string; email: string }, SellerProfile> key={seller.updatedAt} initialValues={{ phone: seller.form.contact.phone, email: seller.form.contact.email }}
                submit={(values, key) => send<SellerProfile>("PUT", `${path}/contact`, values, key)} onDone={async () => { await refetch(); }}
                submitLabel={t("profile.save_contact")} doneText={t("profile.contact_saved")}>
                <div className={css.columns}>
                  <Form.Item name="phone" label={t("field.phone")} required><Input inputMode="tel" maxLength={24} /></Form.Item>
                  <Form.Item name="email" label={t("field.email")} required><Input inputMode="email" maxLength={100} /></Form.Item>
                </div>
              </ResourceForm>
            </Panel>
          )}
        </div>
      )}
    </DetailPage>
  );
}
