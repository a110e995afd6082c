import { useQuery } from "@tanstack/react-query";
import { get, type Page } from "../../api/client";
import { queryClient } from "../../api/session";
import { listKey } from "../../ui/ResourceTable";

/** A user of the account. */
export interface SubUser {
  id: string;
  email: string;
  name: string;
  phone: string;
  owner: boolean;
  state: "pending" | "active" | "disabled";
  locale: "zh" | "en";
  lastSignIn?: string;
  createdAt: string;
  secondFactor: boolean;
  groups: { id: string; name: string }[];
}

/** A user group. `name` is empty while a preset keeps its own name, which `title` tells. */
export interface UserGroup {
  id: string;
  preset: string;
  name: string;
  title: string;
  description: string;
  permissions: string[];
  members: string[];
  version: number;
}

export const usersPath = "/api/v1/users";
export const groupsPath = "/api/v1/groups";

/** The account's groups, for choosing. */
export const useGroups = () => useQuery({ queryKey: ["groups"], queryFn: ({ signal }) => get<Page<UserGroup>>(groupsPath, undefined, signal) });

/** After any change: groups name their members and users their groups. */
export async function peopleChanged(): Promise<void> {
  await Promise.all([listKey(usersPath), listKey(groupsPath), ["groups"]].map((queryKey) => queryClient.invalidateQueries({ queryKey })));
}

/** The text key of a permission: colons separate namespaces in keys. */
export const permissionKey = (permission: string): string => `permission.${permission.replace(":", "_")}`;
