import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { send } from "../../api/client";
import type { InstanceDetail } from "./instance";

/** How current the sign-in data shown are. */
export type Currency = "asking" | "fresh" | "kept" | "unanswered";

/** The query key of a service. */
export const instanceKey = (id: string) => ["instance", id];

/**
 * Asks the seller's system for the sign-in data when the page opens. The server asks it at most once a minute and never
 * fails because of it; whatever happens, the data already known stay on the page.
 */
export function useAccessRefresh(id: string, active: boolean): Currency {
  const client = useQueryClient();
  const [currency, setCurrency] = useState<Currency>("kept");
  useEffect(() => {
    if (!active) return;
    let gone = false;
    setCurrency("asking");
    send<{ asked: boolean; fresh: boolean; instance: InstanceDetail }>("POST", `/api/v1/instances/${id}/refresh`).then(
      ({ asked, fresh, instance }) => {
        client.setQueryData(instanceKey(id), instance);
        if (!gone) setCurrency(fresh ? "fresh" : asked ? "unanswered" : "kept");
      },
      () => { if (!gone) setCurrency("unanswered"); },
    );
    return () => { gone = true; };
  }, [id, active, client]);
  return currency;
}
