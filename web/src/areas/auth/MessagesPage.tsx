import { Button } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { send } from "../../api/client";
import { queryClient, sessionQuery } from "../../api/session";
import { Page } from "../../ui/Page";
import { listKey, ResourceTable } from "../../ui/ResourceTable";
import { Time } from "../../ui/Time";
import css from "./auth.module.css";

interface Message {
  id: string;
  class: string;
  title: string;
  body: string;
  link: string;
  read: boolean;
  createdAt: string;
}

const path = "/api/v1/messages";
const classes = ["review", "order", "delivery", "refund", "interface_failure", "probe", "settlement", "invoice", "violation", "qa", "marketing"];

const changed = async () => {
  await queryClient.invalidateQueries({ queryKey: listKey(path) });
  await queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
};

/** Station messages of the account, or of the operators. */
export function MessagesPage() {
  const { t } = useTranslation("people");
  const read = async (message: Message) => {
    if (message.read) return;
    await send("POST", `${path}/${message.id}/read`);
    await changed();
  };
  return (
    <Page title={t("messages.title")} intro={t("messages.intro")}
      actions={<Button onClick={() => void send("POST", `${path}/read-all`).then(changed)}>{t("messages.read_all")}</Button>}>
      <ResourceTable<Message>
        id="people.messages" path={path} label={t("messages.title")} rowKey={(row) => row.id} exportable={false}
        filters={[
          { key: "class", type: "select", label: t("messages.class"), options: classes.map((value) => ({ value, label: t(`message_class.${value}`) })) },
          { key: "unread", type: "select", label: t("messages.state"), options: [{ value: "true", label: t("messages.unread") }] },
        ]}
        columns={[
          {
            key: "title", title: t("messages.message"), main: true, render: (row) => (
              <span>
                {row.link
                  ? <Link to={row.link} className={row.read ? "" : css.unread!} onClick={() => void read(row)}>{row.title}</Link>
                  : <span className={row.read ? "" : css.unread!}>{row.title}</span>}
                <br /><span className="soft">{row.body}</span>
              </span>
            ),
          },
          { key: "class", title: t("messages.class"), render: (row) => t(`message_class.${row.class}`) },
          { key: "createdAt", title: t("messages.time"), render: (row) => <Time at={row.createdAt} relative /> },
          { key: "read", title: t("messages.state"), render: (row) => t(row.read ? "messages.read" : "messages.unread") },
        ]}
        rowActions={(row) => !row.read && <Button size="small" onClick={() => void read(row)}>{t("messages.mark_read")}</Button>}
        empty={{ title: t("messages.none"), hint: t("messages.none_hint") }}
      />
    </Page>
  );
}
