// Package settings keeps the site's configuration that people change while it runs: rows
// in the table settings, read through a cache of five seconds so that every node follows.
package settings

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/errs"
)

// Store reads and writes settings.
type Store struct {
	DB *db.DB

	mu    sync.Mutex
	cache map[string]cached
	site  parsedSite
}

type cached struct {
	value   string
	version int64
	until   time.Time
}

const freshness = 5 * time.Second

type row struct {
	Key       string    `db:"key"`
	Value     string    `db:"value"`
	Version   int64     `db:"version"`
	UpdatedAt time.Time `db:"updated_at"`
}

const sqlGet = `select key, value, version, updated_at from settings where key = $1`

// Get fills into with the value under key and returns its version; a missing key leaves
// into as it is, with version 0.
func (s *Store) Get(ctx context.Context, key string, into any) (int64, error) {
	c, err := s.stored(ctx, key)
	if err != nil || c.version == 0 {
		return 0, err
	}
	return c.version, json.Unmarshal([]byte(c.value), into)
}

// stored is the row of a key, at most five seconds old; version 0 is a missing one.
func (s *Store) stored(ctx context.Context, key string) (cached, error) {
	now := clock.Wall{}.Now()
	s.mu.Lock()
	c, ok := s.cache[key]
	s.mu.Unlock()
	if !ok || now.After(c.until) {
		r, found, err := db.Maybe[row](ctx, s.DB.Aside(), sqlGet, key)
		if err != nil {
			return c, err
		}
		c = cached{until: now.Add(freshness)}
		if found {
			c.value, c.version = r.Value, r.Version
		}
		s.keep(key, c)
	}
	return c, nil
}

func (s *Store) keep(key string, c cached) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cache == nil {
		s.cache = map[string]cached{}
	}
	s.cache[key] = c
}

const sqlSet = `update settings set value = $1, version = version + 1, updated_at = $2 where key = $3 and version = $4`

// Set writes the value under key when its version is still the given one (0: not there
// yet); otherwise "settings.changed" (Conflict), so that two editors do not overwrite
// each other.
func (s *Store) Set(ctx context.Context, tx *db.Tx, key string, version int64, value any) error {
	b, err := json.Marshal(value)
	if err != nil {
		return err
	}
	now := clock.Wall{}.Now()
	done := false
	if version == 0 {
		done, err = db.InsertIfAbsent(ctx, tx, "settings", row{Key: key, Value: string(b), Version: 1, UpdatedAt: now})
	} else {
		var n int64
		n, err = db.Exec(ctx, tx, sqlSet, string(b), now, key, version)
		done = n == 1
	}
	if err != nil {
		return err
	}
	if !done {
		return errs.Conflictf("settings.changed")
	}
	tx.AfterCommit(func() {
		s.mu.Lock()
		delete(s.cache, key)
		s.mu.Unlock()
	})
	return nil
}
