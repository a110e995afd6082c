package app

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
	"jishi/internal/base/id"
	"jishi/internal/base/secret"
	"jishi/internal/base/settings"
)

// Node is a row of nodes: a process that works on this database.
type Node struct {
	ID        string    `db:"id" json:"id"`
	Version   string    `db:"version" json:"version"`
	StartedAt time.Time `db:"started_at" json:"startedAt"`
	SeenAt    time.Time `db:"seen_at" json:"seenAt"`
	KeyCheck  string    `db:"key_check" json:"keyCheck"`
}

// Alive tells whether the node was seen lately.
func (n Node) Alive() bool { return clock.Wall{}.Now().Sub(n.SeenAt) < nodeLost }

// heartbeat is how often a node says that it lives; nodeLost is when others take it for
// dead.
const (
	heartbeat = 10 * time.Second
	nodeLost  = time.Minute
	nodeKept  = 7 * 24 * time.Hour
)

const sqlNode = `insert into nodes (id, version, started_at, seen_at, key_check) values ($1, $2, $3, $4, $5)
on conflict (id) do update set version = excluded.version, started_at = excluded.started_at, seen_at = excluded.seen_at, key_check = excluded.key_check`
const sqlNodeSeen = `update nodes set seen_at = $1 where id = $2`
const sqlNodeGone = `delete from nodes where id = $1`
const sqlNodesOld = `delete from nodes where seen_at < $1`
const sqlNodes = `select id, version, started_at, seen_at, key_check from nodes order by id`

// Nodes lists the nodes that were seen within a week.
func Nodes(ctx context.Context, q db.Querier) ([]Node, error) { return db.List[Node](ctx, q, sqlNodes) }

// member keeps this process's row of nodes.
type member struct {
	db   *db.DB
	log  *slog.Logger
	node Node
}

func newMember(d *db.DB, log *slog.Logger, name, keyCheck string) *member {
	if name == "" {
		name = id.New("node")
	}
	return &member{db: d, log: log, node: Node{ID: name, Version: VersionText(), KeyCheck: keyCheck}}
}

// join writes the row; the node is visible to others from then on.
func (m *member) join(ctx context.Context) error {
	now := clock.Wall{}.Now()
	m.node.StartedAt, m.node.SeenAt = now, now
	return m.db.Update(ctx, func(tx *db.Tx) error {
		if _, err := db.Exec(ctx, tx, sqlNodesOld, now.Add(-nodeKept)); err != nil {
			return err
		}
		_, err := db.Exec(ctx, tx, sqlNode, m.node.ID, m.node.Version, now, now, m.node.KeyCheck)
		return err
	})
}

// beat keeps the row fresh until ctx ends, then removes it.
func (m *member) beat(ctx context.Context) {
	t := time.NewTicker(heartbeat)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			m.leave(context.WithoutCancel(ctx))
			return
		case <-t.C:
		}
		err := m.db.Update(ctx, func(tx *db.Tx) error {
			_, err := db.Exec(ctx, tx, sqlNodeSeen, clock.Wall{}.Now(), m.node.ID)
			return err
		})
		if err != nil && ctx.Err() == nil {
			m.log.Warn("heartbeat of the node", "error", err)
		}
	}
}

func (m *member) leave(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	err := m.db.Update(ctx, func(tx *db.Tx) error {
		_, err := db.Exec(ctx, tx, sqlNodeGone, m.node.ID)
		return err
	})
	if err != nil {
		m.log.Warn("sign off the node", "error", err)
	}
}

// keySetting holds the check value of the master key under which the database was written.
const keySetting = "master_key"

// KeyMark is what a database, and a backup of it, says about its master key.
type KeyMark struct {
	Check string `json:"check"`
}

const sqlKeyMark = `select value from settings where key = $1`

// checkKey refuses a master key other than the one that the database was written with:
// nothing sealed would open, and what is sealed anew would not open later. The first node
// writes the mark.
func checkKey(ctx context.Context, d *db.DB, box *secret.Box) error {
	mark, found, err := ReadKeyMark(ctx, d)
	if err != nil {
		return err
	}
	if !found {
		s := &settings.Store{DB: d}
		err := d.Update(ctx, func(tx *db.Tx) error { return s.Set(ctx, tx, keySetting, 0, KeyMark{box.CheckValue()}) })
		if !errs.Is(err, "settings.changed") {
			return err
		}
		if mark, _, err = ReadKeyMark(ctx, d); err != nil { // another node was first
			return err
		}
	}
	if mark.Check != box.CheckValue() {
		return fmt.Errorf("this is not the master key of this database: its check value is %s, the configured key has %s", mark.Check, box.CheckValue())
	}
	return nil
}

// ReadKeyMark reads what the database says about its master key; found is false before the
// first node has run.
func ReadKeyMark(ctx context.Context, q db.Querier) (mark KeyMark, found bool, err error) {
	r, found, err := db.Maybe[keyRow](ctx, q, sqlKeyMark, keySetting)
	return r.Value, found, err
}

type keyRow struct {
	Value KeyMark `db:"value,json"`
}
