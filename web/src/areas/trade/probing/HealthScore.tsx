import { useQuery } from "@tanstack/react-query";
import { Tooltip } from "antd";
import { useTranslation } from "react-i18next";
import { get } from "../../../api/client";
import { latencyText, rateText } from "../figures";
import css from "./probing.module.css";

/** How an address has been doing in the last seven days. */
export interface Health {
  addressId: string;
  /** 0 to 100; absent when nothing is known. */
  score?: number;
  calls: number;
  good: number;
  p95Ms?: number;
  probes: number;
  passedProbes: number;
}

/** The health of the seller's own addresses by id. */
export function useHealth(): Record<string, Health> {
  const { data } = useQuery({ queryKey: ["address-health"], staleTime: 60_000, queryFn: ({ signal }) => get<{ items: Health[] }>("/api/v1/seller/address-health", undefined, signal) });
  return Object.fromEntries((data?.items ?? []).map((health) => [health.addressId, health]));
}

const waiting = new Map<string, ((health: Promise<Health | null>) => void)[]>();

/** Asks for all the addresses that a page shows with one request. */
function loadHealth(id: string): Promise<Health | null> {
  if (waiting.size === 0) {
    setTimeout(() => {
      const asked = [...waiting];
      waiting.clear();
      const answer = get<{ items: Health[] }>("/api/v1/operator/address-health", { ids: asked.map(([one]) => one).join(",") });
      for (const [one, settle] of asked) settle.forEach((take) => take(answer.then((list) => list.items.find((health) => health.addressId === one) ?? null)));
    }, 20);
  }
  return new Promise((resolve) => waiting.set(id, [...(waiting.get(id) ?? []), resolve]));
}

/** The score of one address in a list of operators. */
export function HealthOf({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ["address-health", id], staleTime: 60_000, queryFn: () => loadHealth(id) });
  return <HealthScore health={data ?? undefined} />;
}

/** A score with its parts and its formula in the tooltip. */
export function HealthScore({ health }: { health: Health | undefined }) {
  const { t } = useTranslation("quality");
  if (!health) return <span className="faint">–</span>;
  const tone = health.score === undefined ? "none" : health.score >= 90 ? "success" : health.score >= 70 ? "warning" : "danger";
  const parts = (
    <div className={css.tip}>
      <span>{t("health.calls", { rate: rateText(health.calls ? health.good / health.calls : undefined), count: health.calls })}</span>
      <span>{t("health.probes", { rate: rateText(health.probes ? health.passedProbes / health.probes : undefined), count: health.probes })}</span>
      <span>{t("health.latency", { p95: latencyText(health.p95Ms) })}</span>
      <span>{t("health.formula")}</span>
    </div>
  );
  return (
    <Tooltip title={parts}>
      <button type="button" className={css.score} data-tone={tone}>{health.score === undefined ? t("health.unknown") : <>{health.score}<span className="faint">/ 100</span></>}</button>
    </Tooltip>
  );
}
