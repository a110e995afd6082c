import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Timeline } from "../../../ui/Timeline";
import type { Moved } from "./sandbox";

type Event = Moved["events"][number];

/** What happened while the clock moved, oldest first. Links lead to pages of the side that is looking. */
export function Happenings({ events, side }: { events: Event[]; side: "buyer" | "seller" }) {
  const { t } = useTranslation("sandbox");
  if (events.length === 0) return <p className="soft">{t("moved.nothing")}</p>;
  const page = (event: Event): string | null => {
    if (event.kind === "order") return `/${side}/orders/${event.id}`;
    if (event.kind === "call") return side === "seller" ? `/seller/deliveries/${event.id}` : null;
    return side === "buyer" ? `/buyer/instances/${event.id}` : null;
  };
  return (
    <Timeline label={t("moved.title")} entries={events.map((event, index) => {
      const what = event.kind === "call" ? <span className="mono">{event.what}</span> : t(`trade:event.${event.what}`, { defaultValue: event.what });
      const to = page(event);
      return {
        key: `${event.id}-${index}`, at: event.at,
        text: to ? <Link to={to}>{what}</Link> : what, actor: event.product,
        tone: event.kind === "call" ? (event.state === "succeeded" ? "success" : "warning") : "neutral",
      };
    })} />
  );
}
