import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Form, InputNumber, Modal, Select } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, send } from "../../api/client";
import { BilingualField } from "../../ui/BilingualField";
import { ConfirmAction } from "../../ui/ConfirmAction";
import { Page, Panel } from "../../ui/Page";
import { PageError } from "../../ui/PageError";
import { ResourceForm } from "../../ui/ResourceForm";
import { emptyText, inLang, type Text } from "../seller/products/product";
import css from "../seller/products/products.module.css";

interface Category { id: string; parentId: string; name: Text; position: number; version: number }

const path = "/api/v1/operator/categories";

/** The category tree in both languages. Products stand in the last level only. */
export function CategoriesPage() {
  const { t } = useTranslation("catalogue");
  const client = useQueryClient();
  const { data, error, refetch } = useQuery({ queryKey: ["operator-categories"], queryFn: ({ signal }) => get<{ items: Category[] }>(path, undefined, signal) });
  const [edited, setEdited] = useState<Partial<Category> | null>(null);
  const all = data?.items ?? [];
  const done = async () => { setEdited(null); await refetch(); await client.invalidateQueries({ queryKey: ["categories"] }); };
  if (error && !data) return <PageError error={error} onRetry={() => void refetch()} />;
  return (
    <Page title={t("categories.title")} intro={t("categories.intro")} actions={<Button type="primary" onClick={() => setEdited({ parentId: "" })}>{t("categories.add")}</Button>}>
      <Panel><Branch parent="" all={all} onEdit={setEdited} onDone={done} /></Panel>
      {edited && <Editor category={edited} all={all} onClose={() => setEdited(null)} onDone={done} />}
    </Page>
  );
}

function Branch({ parent, all, onEdit, onDone }: { parent: string; all: Category[]; onEdit: (category: Partial<Category>) => void; onDone: () => Promise<void> }) {
  const { t, i18n } = useTranslation("catalogue");
  const own = all.filter((one) => one.parentId === parent);
  if (own.length === 0) return null;
  return (
    <ul className={css.tree}>
      {own.map((one) => {
        const name = inLang(one.name, i18n.language);
        return (
          <li key={one.id}>
            <div className={css.node}>
              <span>{one.name.zh} <span className="faint">{one.name.en}</span></span>
              <span className={css.buttons}>
                <Button size="small" aria-label={t("categories.add_below", { name })} onClick={() => onEdit({ parentId: one.id })}>{t("categories.add_short")}</Button>
                <Button size="small" aria-label={t("categories.edit_named", { name })} onClick={() => onEdit(one)}>{t("action.edit")}</Button>
                <ConfirmAction label={t("action.delete")} title={t("categories.delete_title", { name })} danger button={{ size: "small", "aria-label": t("categories.delete_named", { name }) }}
                  run={({ key }) => send("DELETE", `${path}/${one.id}`, undefined, key)} onDone={onDone} doneText={t("categories.deleted")} />
              </span>
            </div>
            <Branch parent={one.id} all={all} onEdit={onEdit} onDone={onDone} />
          </li>
        );
      })}
    </ul>
  );
}

interface Values { name: Text; parentId: string; position: number }

function Editor({ category, all, onClose, onDone }: { category: Partial<Category>; all: Category[]; onClose: () => void; onDone: () => Promise<void> }) {
  const { t, i18n } = useTranslation("catalogue");
  const siblings = all.filter((one) => one.parentId === category.parentId).length;
  return (
    <Modal open title={t(category.id ? "categories.edit" : "categories.add")} footer={null} onCancel={onClose} destroyOnHidden>
      <ResourceForm<Values, Category> guard={false} submitLabel={t("action.save")} doneText={t("categories.saved")}
        initialValues={{ name: category.name ?? emptyText(), parentId: category.parentId ?? "", position: category.position ?? siblings + 1 }}
        submit={(values, key) => (category.id
          ? send<Category>("PUT", `${path}/${category.id}`, { ...values, version: category.version }, key)
          : send<Category>("POST", path, values, key))}
        onDone={onDone}>
        <BilingualField name="name" label={t("categories.name")} maxLength={40} />
        <Form.Item name="parentId" label={t("categories.parent")}>
          <Select options={[{ value: "", label: t("categories.top") }, ...all.filter((one) => one.id !== category.id).map((one) => ({ value: one.id, label: inLang(one.name, i18n.language) }))]} showSearch={{ optionFilterProp: "label" }} />
        </Form.Item>
        <Form.Item name="position" label={t("categories.position")}><InputNumber min={1} max={999} precision={0} /></Form.Item>
      </ResourceForm>
    </Modal>
  );
}
