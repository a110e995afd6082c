import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { get } from "../api/client";
import css from "./CategoryMenu.module.css";

/** A node of the category tree in the reader's language. */
export interface Category {
  id: string;
  name: string;
  productCount?: number;
  children?: Category[];
}

/** The category tree, kept for the whole visit; the storefront's pages share it. */
export function useCategories() {
  const { i18n } = useTranslation();
  return useQuery({
    queryKey: ["categories", i18n.language],
    queryFn: ({ signal }) => get<{ items: Category[] }>("/api/v1/storefront/categories", undefined, signal),
    staleTime: 300_000,
  });
}

/** The first level of categories in one quiet line. Without an answer the shop does without it. */
export function CategoryMenu() {
  const { t } = useTranslation();
  const { data, isError } = useCategories();
  if (isError) return null;
  return (
    <nav className={css.menu} aria-label={t("categories")}>
      <ul>
        {data?.items.map((category) => (
          <li key={category.id}><NavLink to={`/categories/${category.id}`} className={({ isActive }) => (isActive ? css.active : "")}>{category.name}</NavLink></li>
        ))}
      </ul>
    </nav>
  );
}
