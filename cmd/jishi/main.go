// Command jishi is the whole marketplace: server, tools and demonstration in one program.
// Here flags become calls; what happens stands in internal/app and internal/tool.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"jishi/internal/app"
	"jishi/internal/base/telemetry"
)

type cli struct {
	Config   kong.ConfigFlag  `help:"JSON file whose members are flags, {\"listen\": \"0.0.0.0:8080\"}. Flags come before variables, variables before the file." placeholder:"FILE"`
	LogLevel string           `help:"What is logged: debug, info, warn or error." enum:"debug,info,warn,error" default:"info"`
	Version  kong.VersionFlag `help:"Print the version." env:"-"`

	Serve   serveCommand   `cmd:"" help:"Run a node of the marketplace."`
	Demo    demoCommand    `cmd:"" help:"Run a marketplace filled with sample shops, products and orders, and two sample sellers."`
	Migrate migrateCommand `cmd:"" help:"Bring the database's schema to this program's version."`
	Admin   adminCommand   `cmd:"" help:"Operators and passwords, from the command line."`
	Doctor  doctorCommand  `cmd:"" help:"Check an installation without changing anything, also beside a running server."`
	Backup  backupCommand  `cmd:"" help:"Write a consistent copy of an installation."`
	Restore restoreCommand `cmd:"" help:"Make an installation from a backup."`
	ISV     isvCommand     `cmd:"" name:"isv" help:"Run the sample seller's application."`
	Probe   probeCommand   `cmd:"" help:"Check a seller's server from outside: scenarios, signatures, repeats. For the build of your server."`
	Bench   benchCommand   `cmd:"" help:"Measure this machine: storefront, search, orders, deliveries, start and memory."`
	OpenAPI openapiCommand `cmd:"" name:"openapi" help:"Print the API's OpenAPI 3.1 document."`
}

const description = `Jishi (集市) is a marketplace for software: buyers order, sellers' own servers deliver.

Every flag is also an environment variable: JISHI_ and its name in capitals, --public-url is JISHI_PUBLIC_URL.`

// shell is what commands talk through.
type shell struct {
	context.Context
	out io.Writer
	log *slog.Logger
}

func (s shell) printf(format string, args ...any) { fmt.Fprintf(s.out, format, args...) }

// errFound makes the exit code 1 after a report has already been printed.
var errFound = errors.New("")

func main() {
	var c cli
	k, err := kong.New(&c, kong.Name("jishi"), kong.Description(description), kong.DefaultEnvars("JISHI"),
		kong.Configuration(app.ConfigFile), kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.Vars{"version": app.VersionText()}, kong.ShortUsageOnError())
	if err != nil {
		fmt.Fprintln(os.Stderr, "jishi:", err)
		os.Exit(2)
	}
	command, err := k.Parse(os.Args[1:])
	k.FatalIfErrorf(err)

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel)) // kong admits known levels only
	s := shell{Context: ctx, out: os.Stdout, log: telemetry.NewLogger(os.Stderr, level)}
	if err := command.Run(s); err != nil {
		if !errors.Is(err, errFound) {
			fmt.Fprintln(os.Stderr, "jishi:", app.Explain(err))
		}
		os.Exit(1)
	}
}
