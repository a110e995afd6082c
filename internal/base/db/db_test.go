package db_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/dbtest"
)

type setting struct {
	Key     string            `db:"key"`
	Value   map[string]string `db:"value,json"`
	Version int64             `db:"version"`
	Updated time.Time         `db:"updated_at"`
}

const sqlSetting = "select key, value, version, updated_at from settings where key = $1"

func TestRowsGoInAndOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		at := time.Date(2026, 1, 2, 3, 4, 5, 678901000, time.UTC)
		d.SetClock(clock.NewManual(at))
		want := setting{Key: "a", Value: map[string]string{"名": "<值>"}, Version: 7, Updated: at}
		err := d.Update(ctx, func(tx *db.Tx) error {
			if !tx.Now.Equal(at) {
				t.Errorf("tx.Now = %v", tx.Now)
			}
			if err := db.Insert(ctx, tx, "settings", want); err != nil {
				return err
			}
			again, err := db.InsertIfAbsent(ctx, tx, "settings", want)
			if again {
				t.Error("the same key was written twice")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.One[setting](ctx, d, sqlSetting, "a")
		if err != nil || got.Value["名"] != "<值>" || got.Version != 7 || !got.Updated.Equal(at) {
			t.Fatalf("got %+v, %v", got, err)
		}
		if _, err := db.One[setting](ctx, d, sqlSetting, "b"); !db.IsNoRows(err) {
			t.Fatalf("missing row: %v", err)
		}
		sum, err := db.One[int64](ctx, d, "select sum(version) from settings")
		if err != nil || sum != 7 {
			t.Fatalf("sum %d, %v", sum, err)
		}
	})
}

func TestUpdateRollsBack(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		stop := errors.New("stop")
		var hooked bool
		err := d.UpdateCtx(ctx, func(inner context.Context, tx *db.Tx) error {
			tx.AfterCommit(func() { hooked = true })
			if err := db.Insert(ctx, tx, "settings", setting{Key: "x", Updated: tx.Now}); err != nil {
				return err
			}
			if err := d.Update(inner, func(*db.Tx) error { return nil }); !errors.Is(err, db.ErrNested) {
				t.Errorf("nested: %v", err)
			}
			return stop
		})
		if !errors.Is(err, stop) || hooked {
			t.Fatalf("err %v, hook ran %v", err, hooked)
		}
		if list, err := db.List[setting](ctx, d, "select key, value, version, updated_at from settings"); err != nil || len(list) != 0 {
			t.Fatalf("left behind: %v, %v", list, err)
		}
	})
}

func TestReadModifyWriteLosesNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Update(ctx, func(tx *db.Tx) error {
			return db.Insert(ctx, tx, "settings", setting{Key: "n", Version: 0, Updated: tx.Now})
		}); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		var done atomic.Int64
		for range 8 {
			wg.Go(func() {
				for range 10 {
					err := d.Update(ctx, func(tx *db.Tx) error {
						s, err := db.One[setting](ctx, tx, sqlSetting, "n")
						if err != nil {
							return err
						}
						n, err := db.Exec(ctx, tx, "update settings set version = $1 where key = $2 and version = $3", s.Version+1, "n", s.Version)
						if err == nil && n == 0 {
							return errLost
						}
						return err
					})
					if err == nil {
						done.Add(1)
					} else if !errors.Is(err, errLost) {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		s, err := db.One[setting](ctx, d, sqlSetting, "n")
		if err != nil || s.Version != done.Load() {
			t.Fatalf("version %d after %d updates, %v", s.Version, done.Load(), err)
		}
	})
}

var errLost = errors.New("somebody was faster")

func TestPostgresTransactionIsOverAfterAnError(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		if d.Engine() != db.Postgres {
			return
		}
		ctx := context.Background()
		err := d.Update(ctx, func(tx *db.Tx) error {
			db.Exec(ctx, tx, "select no_such_column from settings")
			return nil
		})
		if err == nil {
			t.Fatal("a transaction was committed after an error")
		}
	})
}

func TestMigrateTwiceAndVersions(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := d.Migrate(ctx, schemaFiles); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		have, want, err := d.SchemaVersions(ctx, schemaFiles)
		if err != nil || have != want || want < 1 {
			t.Fatalf("have %d, want %d, %v", have, want, err)
		}
	})
}

func TestABatchFailsPartByPart(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		stop := errors.New("stop")
		gate := make(chan struct{})
		var wg sync.WaitGroup
		var wrote, refused, panicked atomic.Int64
		// The first one holds the writer until all others wait.
		holding := make(chan struct{})
		wg.Go(func() {
			d.Update(ctx, func(*db.Tx) error { close(holding); <-gate; return nil })
		})
		<-holding
		const n = 40
		var waiting sync.WaitGroup
		for i := range n {
			waiting.Add(1)
			wg.Go(func() {
				defer func() {
					if recover() != nil {
						panicked.Add(1)
					}
				}()
				waiting.Done()
				err := d.Update(ctx, func(tx *db.Tx) error {
					if err := db.Insert(ctx, tx, "settings", setting{Key: string(rune('A' + i)), Updated: tx.Now}); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return stop
					case 2:
						panic("broken")
					}
					return nil
				})
				if err == nil {
					wrote.Add(1)
				} else if errors.Is(err, stop) {
					refused.Add(1)
				} else {
					t.Error(err)
				}
			})
		}
		canceled, cancel := context.WithCancel(ctx)
		wg.Go(func() {
			err := d.Update(canceled, func(*db.Tx) error { return nil })
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		waiting.Wait()
		cancel()
		close(gate)
		wg.Wait()
		rows, err := db.List[setting](ctx, d, "select key, value, version, updated_at from settings")
		if err != nil || len(rows) != n/2 || wrote.Load() != n/2 || refused.Load() != n/4 || panicked.Load() != n/4 {
			t.Errorf("%d rows, %d wrote, %d refused, %d panicked, %v", len(rows), wrote.Load(), refused.Load(), panicked.Load(), err)
		}
	})
}

func TestAsideNeedsNoConnectionOfThePool(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB) {
		ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		var views sync.WaitGroup
		all := make(chan struct{})
		var in atomic.Int64
		const pool = 8 // dbtest's number of connections
		for range pool {
			views.Go(func() {
				err := d.View(ctx, func(q db.Querier) error {
					if _, err := db.List[string](ctx, q, "select key from settings"); err != nil {
						return err
					}
					if in.Add(1) == pool {
						close(all) // every connection is held now
					}
					select {
					case <-all:
					case <-ctx.Done():
						return ctx.Err()
					}
					_, err := db.List[string](ctx, d.Aside(), "select key from settings")
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		views.Wait()
	})
}
