import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, send } from "../../../api/client";
import type { components } from "../../../api/schema";

type Schemas = components["schemas"];
/** Lists of the API are never null. */
type Listed<T, K extends keyof T> = Omit<T, K> & { [P in K]: NonNullable<T[P]> };

export type Sandbox = Listed<Schemas["SandboxesInfo"], "products">;
export type SandboxView = Omit<Schemas["SandboxesView"], "sandbox"> & { sandbox: Sandbox | null };
export type Moved = Listed<Schemas["SandboxesMoved"], "events">;
export type Wish = Partial<components["schemas"]["SandboxesWish"]>;

export const sandboxPath = "/api/v1/seller/sandbox";
export const sandboxKey = ["sandbox"];

/** The own sandbox, or that there is none. */
export const useSandbox = () => useQuery({ queryKey: sandboxKey, queryFn: ({ signal }) => get<SandboxView>(sandboxPath, undefined, signal), refetchInterval: 15_000 });

/** Moves the clock, asking again as long as a move is cut short; `result` is what happened in all of it. */
export function useClock() {
  const client = useQueryClient();
  const [result, setResult] = useState<Moved | null>(null);
  const mutation = useMutation({
    mutationFn: async (wish: Wish) => {
      let all = await send<Moved>("POST", `${sandboxPath}/clock`, wish);
      setResult(all);
      for (let round = 0; !all.reached && all.waiting === 0 && round < 40; round++) {
        const more = await send<Moved>("POST", `${sandboxPath}/clock`, { to: all.target });
        all = { ...more, from: all.from, events: [...all.events, ...more.events] };
        setResult(all);
      }
      return all;
    },
    onSettled: () => client.invalidateQueries(),
  });
  return { move: mutation.mutate, moving: mutation.isPending, error: mutation.error, result, clear: () => { setResult(null); mutation.reset(); } };
}
