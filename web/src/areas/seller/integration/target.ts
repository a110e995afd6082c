import type { ProductionAddress } from "../address";
import { generations, type CaseRow, type Generation, type Target } from "./integration";

/** The target of the debugging page: what its link says, else that of the last run, else the first verified address with its newer generation. */
export function targetOf(params: URLSearchParams, addresses: ProductionAddress[], last?: Target): Target {
  if (last && !params.has("addressId") && !params.has("path") && addresses.some((one) => one.id === last.addressId && one.state === "verified")) {
    return { addressId: last.addressId, path: last.path, generation: last.generation };
  }
  const address = addresses.find((one) => one.id === params.get("addressId")) ?? addresses.find((one) => one.state === "verified");
  const wanted = params.get("generation")?.toLowerCase() as Generation | undefined;
  const offered = generations.filter((one) => !address || address.generations.includes(one));
  return { addressId: address?.id ?? "", path: params.get("path") ?? "", generation: wanted && offered.includes(wanted) ? wanted : offered[0] ?? "v2" };
}

/** Another address keeps the generation where it can speak it. */
export function moveTarget(target: Target, addresses: ProductionAddress[], addressId: string): Target {
  const spoken = addresses.find((one) => one.id === addressId)?.generations ?? [];
  const generation = spoken.includes(target.generation) ? target.generation : generations.find((one) => spoken.includes(one)) ?? target.generation;
  return { ...target, addressId, generation };
}

/** The targets of saved cases with the number of their cases: the server runs those of one target in the right order. */
export function targetsOf(cases: CaseRow[]): { target: Target; name: string; cases: number }[] {
  const found = new Map<string, { target: Target; name: string; cases: number }>();
  for (const { addressId, path, generation, origin } of cases) {
    const key = `${addressId} ${generation} ${path}`;
    const one = found.get(key) ?? { target: { addressId, path, generation }, name: `${origin}${path} ${generation.toUpperCase()}`, cases: 0 };
    one.cases++;
    found.set(key, one);
  }
  return [...found.values()];
}
