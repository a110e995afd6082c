import { FieldTimeOutlined } from "@ant-design/icons";
import { Button, Form, Input, Modal } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "../../../api/session";
import { Money } from "../../../ui/Money";
import { ProblemText } from "../../../ui/ProblemText";
import { Time } from "../../../ui/Time";
import { formatTime } from "../../../ui/time";
import { dayStart } from "../../trade/day";
import { Happenings } from "./Happenings";
import { useClock, type Sandbox, type Wish } from "./sandbox";

/** Forward by a day or a month, to the next event, or to a date; afterwards a dialog tells what happened. */
export function ClockControls({ sandbox, side, size = "middle" }: { sandbox: Sandbox; side: "buyer" | "seller"; size?: "small" | "middle" }) {
  const { t } = useTranslation("sandbox");
  const { site } = useSession();
  const { move, moving, error, result, clear } = useClock();
  const [asking, setAsking] = useState(false);
  const go = (wish: Wish) => { setAsking(false); clear(); move(wish); };
  const shown = !moving && (result !== null || error !== null);
  return (
    <>
      <Button size={size} loading={moving} onClick={() => go({ by: "P1D" })}>{t("clock.day")}</Button>
      <Button size={size} disabled={moving} onClick={() => go({ by: "P1M" })}>{t("clock.month")}</Button>
      <Button size={size} disabled={moving || !sandbox.next} onClick={() => go({ next: true })}>{t("clock.next")}</Button>
      <Button size={size} disabled={moving} icon={<FieldTimeOutlined />} onClick={() => setAsking(true)}>{t("clock.to")}</Button>
      {moving && result && <span role="status" className="tabular">{t("clock.moving", { at: formatTime(result.now, site.timeZone) })}</span>}
      <Modal open={asking} title={t("clock.to_title")} footer={null} onCancel={() => setAsking(false)} destroyOnHidden>
        <Form<{ day: string }> layout="vertical" initialValues={{ day: formatTime(sandbox.now, site.timeZone, "date") }} onFinish={({ day }) => go({ to: dayStart(day, site.timeZone) })}>
          <Form.Item name="day" label={t("clock.date")} extra={t("clock.date_hint")} rules={[{ required: true, message: t("common:form.required") }]}>
            <Input type="date" min={formatTime(sandbox.now, site.timeZone, "date")} style={{ maxWidth: 200 }} />
          </Form.Item>
          <Button type="primary" htmlType="submit">{t("clock.go")}</Button>
        </Form>
      </Modal>
      <Modal open={shown} title={t("moved.title")} footer={<Button type="primary" onClick={clear}>{t("common:action.close")}</Button>} onCancel={clear} destroyOnHidden>
        {error && <ProblemText error={error} />}
        {result && (
          <div style={{ display: "grid", gap: 16, maxHeight: "60vh", overflowY: "auto" }}>
            <p style={{ margin: 0 }}><Time at={result.from} /> → <strong><Time at={result.now} /></strong></p>
            {!result.reached && <p className="soft" style={{ margin: 0 }}>{result.waiting > 0 ? t("moved.waiting", { count: result.waiting }) : t("moved.stopped")}</p>}
            <Happenings events={result.events} side={side} />
            <p style={{ margin: 0 }}>{t("moved.balance")} <Money amount={sandbox.balance} currency={sandbox.currency} /></p>
          </div>
        )}
      </Modal>
    </>
  );
}
