package db

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers "pgx"
	_ "modernc.org/sqlite"             // registers "sqlite"

	"jishi/internal/base/clock"
)

// Engine names a database engine.
type Engine string

// The engines.
const (
	SQLite   Engine = "sqlite"
	Postgres Engine = "postgres"
)

// Config says which database to open.
type Config struct {
	URL      string      // "postgres://…", or the path of an SQLite file
	Clock    clock.Clock // the realm's clock; nil is the wall clock
	Logger   *slog.Logger
	MaxConns int // PostgreSQL connections, or SQLite readers; 0 is a sensible number
	ReadOnly bool
	Relaxed  bool // no fsync on commit: tests and throw-away data only
}

// DB is an open database. It is safe for concurrent use.
type DB struct {
	engine Engine
	pool   *sql.DB // PostgreSQL: everything; SQLite: readers
	aside  *sql.DB // see Aside
	writer *writer // SQLite only
	clock  atomicClock
	log    *slog.Logger
	stmts  sync.Map // SQL text → *sql.Stmt of the pool, SQLite only
	// preparing holds the texts that are being prepared in the background.
	preparing sync.Map
	url       string
	hints     hints
}

// Open opens and pings the database. It does not migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{log: c.Logger, url: c.URL}
	if d.log == nil {
		d.log = slog.New(slog.DiscardHandler)
	}
	d.SetClock(c.Clock)
	var err error
	if strings.HasPrefix(c.URL, "postgres://") || strings.HasPrefix(c.URL, "postgresql://") {
		err = d.openPostgres(c)
	} else {
		err = d.openSQLite(ctx, c)
	}
	if err == nil {
		d.aside.SetMaxOpenConns(2)
		d.aside.SetConnMaxIdleTime(5 * time.Minute)
		err = d.pool.PingContext(ctx)
	}
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("open database: %w", err)
	}
	return d, nil
}

func (d *DB) openPostgres(c Config) error {
	u, err := url.Parse(c.URL)
	if err != nil {
		return fmt.Errorf("the database URL is not valid") // never echo it: it holds the password
	}
	q := u.Query()
	if c.ReadOnly {
		q.Set("default_transaction_read_only", "on")
	}
	if c.Relaxed {
		q.Set("synchronous_commit", "off")
	}
	u.RawQuery = q.Encode()
	d.engine = Postgres
	if d.pool, err = sql.Open("pgx", u.String()); err != nil {
		return err
	}
	if d.aside, err = sql.Open("pgx", u.String()); err != nil {
		return err
	}
	n := c.MaxConns
	if n == 0 {
		n = 16
	}
	d.pool.SetMaxOpenConns(n)
	d.pool.SetMaxIdleConns(n)
	d.pool.SetConnMaxIdleTime(5 * time.Minute)
	return nil
}

func (d *DB) openSQLite(ctx context.Context, c Config) error {
	d.engine = SQLite
	path, err := filepath.Abs(c.URL)
	if err != nil {
		return err
	}
	if c.ReadOnly {
		if _, err := os.Stat(path); err != nil {
			return err
		}
	} else if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	synchronous := "full"
	if c.Relaxed {
		synchronous = "off"
	}
	// The order matters: waiting for locks first, then the journal.
	pragmas := []string{"busy_timeout(10000)", "journal_mode(wal)", "synchronous(" + synchronous + ")", "foreign_keys(1)", "cache_size(-16000)"}
	if !c.ReadOnly {
		if d.writer, err = openWriter(ctx, sqliteURL(path, pragmas, "_txlock=immediate")); err != nil {
			return err
		}
	} else {
		pragmas = []string{"busy_timeout(10000)", "cache_size(-16000)"}
	}
	readers := sqliteURL(path, append(pragmas, "query_only(1)"), "")
	if d.pool, err = sql.Open("sqlite", readers); err != nil {
		return err
	}
	if d.aside, err = sql.Open("sqlite", readers); err != nil {
		return err
	}
	n := c.MaxConns
	if n == 0 {
		n = 8
	}
	d.pool.SetMaxOpenConns(n)
	d.pool.SetMaxIdleConns(n)
	return nil
}

func sqliteURL(path string, pragmas []string, more string) string {
	q := url.Values{"_pragma": pragmas}.Encode()
	if more != "" {
		q += "&" + more
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q
}

// Engine tells which engine this is.
func (d *DB) Engine() Engine { return d.engine }

// Close waits for the running write and closes all connections.
func (d *DB) Close() error {
	var err error
	if d.writer != nil {
		err = d.writer.close()
	}
	for _, pool := range []*sql.DB{d.pool, d.aside} {
		if pool == nil {
			continue
		}
		if e := pool.Close(); err == nil {
			err = e
		}
	}
	return err
}

// Aside reads on connections of its own, for what a cache fetches now and then while its
// caller may hold a connection of the pool: waiting for a second one of the same pool could
// wait for ever. It is for single short statements.
func (d *DB) Aside() Querier { return aside{d} }

type aside struct{ db *DB }

func (a aside) query(ctx context.Context, text string, args []any) (*sql.Rows, error) {
	count(ctx)
	return a.db.aside.QueryContext(ctx, text, args...)
}

// Ping proves that the database answers; for readiness checks.
func (d *DB) Ping(ctx context.Context) error { return d.pool.PingContext(ctx) }

// Now is the realm's present instant.
func (d *DB) Now() time.Time { return d.clock.get().Now() }

// SetClock changes the realm's clock; nil is the wall clock.
func (d *DB) SetClock(c clock.Clock) { d.clock.set(c) }

type atomicClock struct {
	mu sync.RWMutex
	c  clock.Clock
}

func (a *atomicClock) set(c clock.Clock) {
	if c == nil {
		c = clock.Wall{}
	}
	a.mu.Lock()
	a.c = c
	a.mu.Unlock()
}

func (a *atomicClock) get() clock.Clock {
	a.mu.RLock()
	defer a.mu.RUnlock()
	return a.c
}

// Backup writes a consistent copy of an SQLite database to a new file, beside running
// writers.
func (d *DB) Backup(ctx context.Context, path string) error {
	if d.engine != SQLite {
		return fmt.Errorf("a backup of PostgreSQL is made with PostgreSQL's own tools")
	}
	from, err := filepath.Abs(d.url)
	if err != nil {
		return err
	}
	// The readers are query_only, which forbids VACUUM INTO as well.
	pool, err := sql.Open("sqlite", sqliteURL(from, []string{"busy_timeout(10000)"}, ""))
	if err != nil {
		return err
	}
	defer pool.Close()
	_, err = pool.ExecContext(ctx, "vacuum into $1", path)
	return err
}
