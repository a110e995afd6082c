package isvapp

import (
	"database/sql"
	"net/url"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const schema = `
create table if not exists instances (
  id               text primary key,
  bought           text not null unique,
  generation       text not null,
  test             integer not null,
  order_id         text not null,
  order_line_id    text not null,
  product_id       text not null,
  product          text not null default '',
  customer         text not null,
  quantity         integer not null,
  state            text not null check (state in ('active','frozen','released')),
  user_name        text unique,
  password_hash    text not null,
  initial_password blob,
  created_at       integer not null,
  ready_at         integer not null,
  expire_at        integer,
  released_at      integer
);
create table if not exists notes (
  id          integer primary key,
  instance_id text not null references instances (id),
  text        text not null,
  done        integer not null default 0,
  created_at  integer not null
);
create index if not exists notes_instance on notes (instance_id);
create table if not exists calls (
  id         integer primary key,
  at         integer not null,
  generation text not null,
  activity   text not null,
  test       integer not null,
  params     text not null,
  code       text not null,
  message    text not null,
  took_us    integer not null
);`

// openStore opens the database. One connection and synchronous=FULL: a sample needs no speed, but an answered call must
// survive the power cord.
func openStore(folder string) (*sql.DB, error) {
	path := url.URL{Scheme: "file", Opaque: url.PathEscape(filepath.Join(folder, "isvapp.db")), RawQuery: url.Values{
		"_pragma": {"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"},
		"_txlock": {"immediate"},
	}.Encode()}
	db, err := sql.Open("sqlite", path.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	if _, err = db.Exec(schema); err == nil {
		err = addProduct(db)
	}
	if err != nil {
		_ = db.Close()
		return nil, err
	}
	return db, nil
}

// addProduct brings a folder of an earlier version to the schema.
func addProduct(db *sql.DB) error {
	n := 0
	err := db.QueryRow(`select count(*) from pragma_table_info('instances') where name = 'product'`).Scan(&n)
	if err == nil && n == 0 {
		_, err = db.Exec(`alter table instances add column product text not null default ''`)
	}
	return err
}
