// Package bench measures the marketplace on this machine: with real durable commits, over
// real HTTP on loopback, server and load generator sharing the cores. It makes its own
// temporary data and leaves nothing behind.
package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"strings"
	"text/tabwriter"
	"time"

	"jishi/internal/app"
	"jishi/internal/base/clock"
	"jishi/internal/base/db"
	"jishi/internal/base/db/pgtemp"
)

// Options say what is measured.
type Options struct {
	Seconds  int    `help:"How long each load lasts." default:"5"`
	Clients  int    `help:"Clients of the storefront loads." default:"16"`
	Products int    `help:"Products of the list and detail loads." default:"1000"`
	Searched int    `help:"Products of the search load." default:"10000"`
	Orders   int    `help:"Orders of the delivery load." default:"3000"`
	Existing int    `help:"Orders that exist before the load of orders among existing ones; 1000000 takes some 10 GB and half an hour." default:"100000"`
	Due      int    `help:"Subscriptions of the loads of due renewals and expiries." default:"5000"`
	Postgres string `help:"Address of an empty PostgreSQL database; without it a throw-away cluster is started where PostgreSQL is installed; none leaves it out." placeholder:"URL"`
	Profile  string `help:"Write a profile of the processor's time to this file, for go tool pprof." type:"path" placeholder:"FILE"`
	Only     string `help:"Only measures whose name contains this." placeholder:"TEXT"`
	JSON     string `name:"json" help:"Write the figures to this file as JSON as well." type:"path" placeholder:"FILE"`
}

// Report is what was measured and where.
type Report struct {
	Version string    `json:"version"`
	Machine string    `json:"machine"`
	At      time.Time `json:"at"`
	Figures []Figure  `json:"figures"`
	Skipped []string  `json:"skipped,omitempty"`
}

// Run measures and prints a table to out.
func Run(ctx context.Context, o Options, out io.Writer) (Report, error) {
	r := Report{Version: app.VersionText(), Machine: machine(), At: clock.Wall{}.Now()}
	fmt.Fprintf(out, "%s, Jishi %s\n", r.Machine, r.Version)
	if o.Profile != "" {
		f, err := os.Create(o.Profile)
		if err != nil {
			return r, err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return r, err
		}
		defer pprof.StopCPUProfile()
	}
	if err := r.on(ctx, o, db.SQLite, "", out); err != nil {
		return r, err
	}
	url := o.Postgres
	if url == "none" {
		url = ""
	} else if url == "" {
		var stop func()
		var err error
		if url, stop, err = pgtemp.Start(true); err != nil {
			r.Skipped = append(r.Skipped, "postgres: "+err.Error())
		} else {
			defer stop()
		}
	}
	if url != "" {
		if err := r.on(ctx, o, db.Postgres, url, out); err != nil {
			return r, err
		}
	}
	r.print(out)
	if o.JSON == "" {
		return r, nil
	}
	b, err := json.MarshalIndent(r, "", "  ")
	if err == nil {
		err = os.WriteFile(o.JSON, append(b, '\n'), 0o644)
	}
	return r, err
}

// on runs all measures on one database.
func (r *Report) on(ctx context.Context, o Options, e db.Engine, url string, out io.Writer) error {
	data, err := os.MkdirTemp("", "jishi-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(data)
	s, err := open(ctx, o, data, url)
	if err != nil {
		return fmt.Errorf("%s: %w", e, err)
	}
	defer s.close()
	for _, m := range measures {
		if o.Only != "" && !strings.Contains(m.name, o.Only) {
			continue
		}
		fmt.Fprintf(out, "%s: %s …\n", e, m.name)
		figures, err := m.run(ctx, s)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", e, m.name, err)
		}
		for _, f := range figures {
			f.Database = string(e)
			r.Figures = append(r.Figures, f)
		}
	}
	return nil
}

func (r *Report) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nmeasure\tdatabase\tclients\tresult\tp50 ms\tp95 ms\tp99 ms\tstatements\tcpu µs\tgoal\t")
	for _, f := range r.Figures {
		result := fmt.Sprintf("%.0f %s", f.Rate, f.Unit)
		if f.Rate == 0 {
			result = fmt.Sprintf("%.0f %s", f.Value, f.Unit)
		}
		mark := "met"
		if !f.Met {
			mark = "missed"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n", f.Name, f.Database, shown("%.0f", float64(f.Clients)), result,
			shown("%.2f", f.P50), shown("%.2f", f.P95), shown("%.2f", f.P99), shown("%.1f", f.Statements), shown("%.0f", f.CPU), f.Goal, mark)
	}
	w.Flush()
	for _, s := range r.Skipped {
		fmt.Fprintln(out, "skipped:", s)
	}
}

// shown leaves out what was not measured.
func shown(format string, v float64) string {
	if v == 0 {
		return ""
	}
	return fmt.Sprintf(format, v)
}

func machine() string {
	model := runtime.GOARCH
	if b, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(b)) {
			if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
	}
	return fmt.Sprintf("%d cores (%s), %s/%s, %s", runtime.NumCPU(), model, runtime.GOOS, runtime.GOARCH, runtime.Version())
}

func quiet() *slog.Logger {
	return slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
}

func config(data, url string) app.Config {
	c := app.Config{Storage: app.Storage{Data: data, Database: url}, Files: app.Files{Blobs: "dir", SharedFiles: true}, NoLimits: true}
	c.MasterKeyFile = filepath.Join(data, "master.key")
	return c
}
