import { DeleteOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Form, Input, Radio, Select, TreeSelect } from "antd";
import { useTranslation } from "react-i18next";
import { get, type Page } from "../../../api/client";
import { useSession } from "../../../api/session";
import { BilingualField } from "../../../ui/BilingualField";
import { LinkButton } from "../../../ui/LinkButton";
import { addressesPath, type ProductionAddress } from "../address";
import { FileField } from "../FileField";
import { debugLink } from "../integration/integration";
import { MarkdownEditor } from "./MarkdownEditor";
import { PicturesField } from "./PicturesField";
import { emptyText } from "./product";
import css from "./products.module.css";

interface Node { id: string; name: string; children: Node[] }

interface TreeNode { value: string; title: string; selectable: boolean; children: TreeNode[] }

const treeOf = (nodes: Node[]): TreeNode[] => nodes.map((node) => ({ value: node.id, title: node.name, selectable: node.children.length === 0, children: treeOf(node.children) }));

/** Type, name, category, who may see it. */
export function BasicsStep() {
  const { t, i18n } = useTranslation("catalogue");
  const { site } = useSession();
  const { data } = useQuery({ queryKey: ["categories", i18n.language], queryFn: ({ signal }) => get<{ items: Node[] }>("/api/v1/storefront/categories", undefined, signal) });
  return (
    <>
      <p className="soft">{t("wizard.type_saas")}</p>
      <BilingualField name="name" label={t("field.name")} maxLength={60} hint={t("wizard.name_hint")} />
      <Form.Item name="categoryId" label={t("field.category")}>
        <TreeSelect treeData={treeOf(data?.items ?? [])} treeDefaultExpandAll showSearch={{ treeNodeFilterProp: "title" }} placeholder={t("wizard.category_hint")} style={{ maxWidth: 480 }} />
      </Form.Item>
      <Form.Item name="publicSale" label={t("field.public_sale")} extra={t("wizard.public_hint")}>
        <Radio.Group options={[{ value: true, label: t("wizard.public_yes") }, { value: false, label: t("wizard.public_no") }]} />
      </Form.Item>
      <Form.Item name="refundPolicy" label={t("field.refund")} extra={t("wizard.refund_hint")}>
        <Radio.Group options={["five_day", ...(site.unusedTimeRefunds ? ["prorata"] : []), "none"].map((value) => ({ value, label: t(`refund.${value}`) }))} />
      </Form.Item>
    </>
  );
}

/** Summary, highlights, description. */
export function TextsStep() {
  const { t } = useTranslation("catalogue");
  return (
    <>
      <BilingualField name="summary" label={t("field.summary")} rows={3} maxLength={200} hint={t("wizard.summary_hint")} />
      <Form.List name="highlights">
        {(fields, { add, remove }) => (
          <>
            {fields.map((field, index) => (
              <div key={field.key} className={css.highlight}>
                <BilingualField name={[field.name] as (string | number)[]} label={t("wizard.highlight", { number: index + 1 })} maxLength={50} />
                <Button type="text" danger icon={<DeleteOutlined />} aria-label={t("wizard.remove_highlight", { number: index + 1 })} onClick={() => remove(field.name)} />
              </div>
            ))}
            <Form.Item label={t("field.highlights")} extra={t("wizard.highlights_hint")}>
              <Button onClick={() => add(emptyText())} disabled={fields.length >= 5}>{t("wizard.add_highlight")}</Button>
            </Form.Item>
          </>
        )}
      </Form.List>
      <p className="soft">{t("wizard.description_hint")}</p>
      <Localised name="description" label={t("field.description")} pictures maxLength={20000} />
    </>
  );
}

/** A Markdown text in both languages, each at full width. */
function Localised({ name, label, pictures = false, maxLength }: { name: string | string[]; label: string; pictures?: boolean; maxLength: number }) {
  const { t } = useTranslation("catalogue");
  const path = Array.isArray(name) ? name : [name];
  return (["zh", "en"] as const).map((lang) => (
    <Form.Item key={lang} name={[...path, lang]} label={`${label} (${t(`lang.${lang}`)})`}>
      <MarkdownEditor label={`${label} (${t(`lang.${lang}`)})`} lang={lang} pictures={pictures} maxLength={maxLength} />
    </Form.Item>
  ));
}

const guides = [".rar", ".zip", ".doc", ".docx", ".pdf", ".ppt", ".pptx"];

/** Logo, main pictures, user guide. */
export function PicturesStep() {
  const { t } = useTranslation("catalogue");
  return (
    <>
      <Form.Item name="logoKey" label={t("field.logo")}>
        <FileField label={t("field.logo")} hint={t("wizard.logo_hint")} purpose="logo" accept={["image/png"]} picture />
      </Form.Item>
      <Form.Item name="pictures" label={t("field.pictures")} extra={t("wizard.pictures_hint")}><PicturesField max={8} /></Form.Item>
      <Form.Item name="userGuideKey" label={t("field.guide")}>
        <FileField label={t("field.guide")} hint={t("wizard.guide_hint")} purpose="guide" accept={guides} />
      </Form.Item>
    </>
  );
}

/** Which address is called, and how. */
export function DeliveryStep() {
  const { t } = useTranslation("catalogue");
  const { data } = useQuery({ queryKey: ["list", addressesPath], queryFn: ({ signal }) => get<Page<ProductionAddress>>(addressesPath, undefined, signal) });
  const chosen = Form.useWatch<string | undefined>("addressId");
  const path = Form.useWatch<string | undefined>("path");
  const generation = Form.useWatch<string | undefined>("generation");
  const address = data?.items.find((one) => one.id === chosen);
  return (
    <>
      <p className="soft">{t("wizard.delivery_hint")}</p>
      <Form.Item name="addressId" label={t("field.address")} extra={data?.items.length === 0 ? t("wizard.no_address") : undefined}>
        <Select style={{ maxWidth: 480 }} placeholder={t("wizard.address_hint")}
          options={(data?.items ?? []).map((one) => ({ value: one.id, disabled: one.state !== "verified", label: `${one.origin} · ${t(`state.address.${one.state}`)}` }))} />
      </Form.Item>
      <LinkButton to="/seller/addresses" size="small">{t("wizard.to_addresses")}</LinkButton>
      {address && <> <LinkButton to={debugLink({ addressId: address.id, path: path ?? "", generation: generation === "V1" ? "v1" : "v2" })} size="small">{t("wizard.to_debug")}</LinkButton></>}
      <Form.Item name="path" label={t("field.path")} style={{ marginTop: 24 }} extra={address ? t("wizard.called", { url: address.origin + (path ?? "") }) : t("wizard.path_hint")}>
        <Input style={{ maxWidth: 480 }} maxLength={200} className="mono" />
      </Form.Item>
      <Form.Item name="generation" label={t("field.generation")} extra={t("wizard.generation_hint")}>
        <Radio.Group options={["V2", "V1"].map((value) => ({ value, label: t(`generation.${value}`) }))} />
      </Form.Item>
    </>
  );
}

/** After-sales support and the product's agreement. */
export function SupportStep() {
  const { t } = useTranslation("catalogue");
  const kind = Form.useWatch<string | undefined>(["agreement", "kind"]);
  return (
    <>
      <BilingualField name={["afterSales", "serviceTime"]} label={t("field.service_time")} hint={t("wizard.service_time_hint")} maxLength={300} />
      <BilingualField name={["afterSales", "content"]} label={t("field.service_content")} rows={3} maxLength={300} />
      <div className={css.two}>
        <Form.Item name={["afterSales", "mail"]} label={t("field.service_mail")}><Input type="email" autoComplete="off" maxLength={120} /></Form.Item>
        <Form.Item name={["afterSales", "hotline"]} label={t("field.hotline")}><Input type="tel" autoComplete="off" maxLength={40} /></Form.Item>
      </div>
      <Form.Item name={["agreement", "kind"]} label={t("field.agreement")}>
        <Radio.Group options={["template", "text", "file"].map((value) => ({ value, label: t(`agreement.${value}`) }))} />
      </Form.Item>
      {kind === "text" && <Localised name={["agreement", "text"]} label={t("field.agreement")} maxLength={20000} />}
      {kind === "file" && (
        <Form.Item name={["agreement", "fileKey"]} label={t("agreement.file")}>
          <FileField label={t("agreement.file")} hint={t("wizard.guide_hint")} purpose="agreement" accept={guides} />
        </Form.Item>
      )}
    </>
  );
}
