import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { useSession } from "../../api/session";
import { DetailPage } from "../../ui/DetailPage";
import { LinkButton } from "../../ui/LinkButton";
import { Panel } from "../../ui/Page";
import { ResourceForm } from "../../ui/ResourceForm";
import { StateTag } from "../../ui/StateTag";
import { fileUrl, type ContactGroup, type SellerProfile } from "./application";
import css from "./seller.module.css";

const maxGroups = 6;
interface Groups { groups: ContactGroup[] }

/** The shop as buyers see it, and the after-sales groups that take effect at once. */
export function ShopPage() {
  const { t, i18n } = useTranslation("sellers");
  const { can } = useSession();
  const { data: seller, error, refetch } = useQuery({ queryKey: ["seller-profile"], queryFn: ({ signal }) => get<SellerProfile>("/api/v1/seller/profile", undefined, signal) });
  const pick = (text: { zh: string; en: string }) => (i18n.language === "en" ? text.en || text.zh : text.zh || text.en);

  return (
    <DetailPage title={seller && t("shop.title")} error={error} onRetry={() => void refetch()} state={seller && <StateTag kind="seller" state={seller.state} />}
      actions={seller && <>
        <LinkButton to={`/shops/${seller.id}`}>{t("shop.open")}</LinkButton>
        {can("shop:write") && <LinkButton to="/seller/apply">{t("profile.change")}</LinkButton>}
      </>}
      {...(seller ? { facts: [
        { label: t("field.shop_name"), value: pick(seller.form.name) },
        { label: t("field.logo"), value: <img className={css.logo} src={fileUrl(seller.form.logoKey)} alt={t("field.logo")} /> },
        { label: t("field.website"), value: <a href={seller.form.website} target="_blank" rel="noreferrer nofollow">{seller.form.website}</a> },
        { label: t("field.introduction"), value: <p className={css.prose}>{pick(seller.form.introduction)}</p>, wide: true },
      ] } : {})}>
      {seller && <Panel title={t("shop.groups")}><GroupsForm seller={seller} editable={can("shop:write")} onSaved={async () => { await refetch(); }} /></Panel>}
    </DetailPage>
  );
}

function GroupsForm({ seller, editable, onSaved }: { seller: SellerProfile; editable: boolean; onSaved: () => Promise<void> }) {
  const { t } = useTranslation("sellers");
  return (
    <ResourceForm<Groups, Groups> key={seller.groups.map((group) => group.id).join()} initialValues={{ groups: seller.groups }} disabled={!editable}
      submit={(values, key) => send<Groups>("PUT", "/api/v1/seller/contacts", values, key)} onDone={onSaved} submitLabel={t("shop.save_groups")} doneText={t("shop.groups_saved")}>
      <p className={css.hint}>{t("shop.groups_hint", { limit: maxGroups })}</p>
      <Form.List name="groups">
        {(fields, { add, remove }) => (
          <div className={css.groups}>
            {fields.map((field, at) => (
              <fieldset key={field.key} className={css.group} aria-label={t("shop.group", { number: at + 1 })}>
                <div className={css.groupHead}>
                  <strong>{t("shop.group", { number: at + 1 })}</strong>
                  <Button type="text" icon={<DeleteOutlined />} aria-label={t("shop.remove_group", { number: at + 1 })} onClick={() => remove(field.name)} />
                </div>
                <Form.Item name={[field.name, "id"]} hidden><Input /></Form.Item>
                <div className={css.columns}>
                  <Form.Item name={[field.name, "name"]} label={t("shop.group_name")} required><Input maxLength={40} /></Form.Item>
                  <Form.Item name={[field.name, "phone"]} label={t("field.phone")} required><Input maxLength={24} inputMode="tel" /></Form.Item>
                  <Form.Item name={[field.name, "email"]} label={t("field.email")} required><Input maxLength={100} inputMode="email" /></Form.Item>
                  <Form.Item name={[field.name, "hours"]} label={t("shop.hours")} required><Input maxLength={80} placeholder={t("shop.hours_example")} /></Form.Item>
                </div>
              </fieldset>
            ))}
            {fields.length < maxGroups && <Button icon={<PlusOutlined />} onClick={() => add({ name: "", phone: "", email: "", hours: "" })}>{t("shop.add_group")}</Button>}
          </div>
        )}
      </Form.List>
    </ResourceForm>
  );
}
