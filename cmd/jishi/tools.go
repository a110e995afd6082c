package main

import (
	"encoding/json"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"time"

	"jishi/internal/app"
	"jishi/internal/base/db"
	"jishi/internal/base/i18n"
	"jishi/internal/market/identity"
	"jishi/internal/tool/admin"
	"jishi/internal/tool/backup"
	"jishi/internal/tool/doctor"
	"jishi/internal/tool/isvapp"
	"jishi/isv"
	"jishi/wire/saas"
)

type doctorCommand struct {
	doctor.Options `embed:""`
	JSON           bool `name:"json" help:"Print the report as JSON."`
}

// Run prints the report; the exit code is 1 when something was found.
func (c *doctorCommand) Run(s shell) error {
	r, err := doctor.Run(s, c.Options, s.log)
	if err != nil {
		return err
	}
	if c.JSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		if err := e.Encode(r); err != nil {
			return err
		}
	} else {
		r.Print(s.out)
	}
	if !r.OK {
		return errFound
	}
	return nil
}

type backupCommand struct {
	backup.Options `embed:""`
}

// Run writes the copy and says what is not in it.
func (c *backupCommand) Run(s shell) error {
	m, err := backup.Backup(s, c.Options, s.log)
	if err != nil {
		return err
	}
	s.printf("%s: %d uploaded files (%.1f MB)", c.To, m.Files, float64(m.FileBytes)/1e6)
	if m.Database != nil {
		s.printf(" and the database (%.1f MB), schema %d.\n", float64(m.Database.Size)/1e6, m.Schema)
	} else {
		s.printf(".\nThe PostgreSQL database is NOT in it. Copy it with PostgreSQL's own tools, before the files are copied:\n  pg_dump --format=custom --file=jishi.dump \"$JISHI_DATABASE\"\n")
	}
	if m.Engine == db.SQLite {
		s.printf("The master key is not in it either. Keep master.key of the data folder in another safe place: without it stored keys and passwords cannot be opened.\n")
	}
	return nil
}

type restoreCommand struct {
	backup.RestoreOptions `embed:""`
}

// Run restores and prints what doctor says of the result.
func (c *restoreCommand) Run(s shell) error {
	m, report, err := backup.Restore(s, c.RestoreOptions, s.log)
	if err != nil {
		return err
	}
	s.printf("Restored the backup of %s, made by version %s.\n\n", m.CreatedAt.Local().Format("2006-01-02 15:04:05"), m.Version)
	report.Print(s.out)
	if !report.OK {
		return errFound
	}
	return nil
}

type adminCommand struct {
	CreateOperator createOperatorCommand `cmd:"" help:"Create an operator who can sign in at once."`
	ResetPassword  resetPasswordCommand  `cmd:"" help:"Set somebody's password and end their sessions."`
	ResetFactor    resetFactorCommand    `cmd:"" help:"Take somebody's lost second factor and end their sessions."`
	SetupLink      setupLinkCommand      `cmd:"" help:"Print a new one-time address to create the first operator."`
}

type createOperatorCommand struct {
	app.Config    `embed:""`
	Email         string   `arg:"" help:"Sign-in name."`
	Name          string   `help:"Name shown to others." default:"运营"`
	Role          []string `help:"Roles, several times or separated by commas; without it all of them."`
	Locale        string   `help:"Language of letters." enum:"zh,en" default:"zh"`
	PasswordStdin bool     `help:"Read the password from standard input instead of drawing one."`
}

// Run creates the operator.
func (c *createOperatorCommand) Run(s shell) error {
	return withApp(s, c.Config, func(a *app.App) error {
		password, drawn, err := choosePassword(c.PasswordStdin)
		if err != nil {
			return err
		}
		o, err := admin.CreateOperator(s, a, admin.NewOperator{Email: c.Email, Name: c.Name, Roles: c.Role, Locale: i18n.Lang(c.Locale)}, password)
		if err != nil {
			return err
		}
		s.printf("Created operator %s with the roles %s.\n", o.Email, strings.Join(o.Roles, ", "))
		if drawn {
			s.printf("Password: %s\n", password)
		}
		return nil
	})
}

type resetFactorCommand struct {
	app.Config `embed:""`
	Email      string `arg:"" help:"Sign-in name."`
	Operator   bool   `help:"An operator's second factor, not a user's."`
	Reason     string `help:"Stands in the audit log and in the letter to the person." required:""`
}

// Run takes the second factor.
func (c *resetFactorCommand) Run(s shell) error {
	return withApp(s, c.Config, func(a *app.App) error {
		kind := identity.KindUser
		if c.Operator {
			kind = identity.KindOperator
		}
		if err := admin.ResetFactor(s, a, kind, c.Email, c.Reason); err != nil {
			return err
		}
		s.printf("The second factor of %s %s was taken; all sessions have ended.\n", kind, c.Email)
		return nil
	})
}

type resetPasswordCommand struct {
	app.Config    `embed:""`
	Email         string `arg:"" help:"Sign-in name."`
	Operator      bool   `help:"An operator's password, not a user's."`
	PasswordStdin bool   `help:"Read the password from standard input instead of drawing one."`
}

// Run sets the password.
func (c *resetPasswordCommand) Run(s shell) error {
	return withApp(s, c.Config, func(a *app.App) error {
		password, drawn, err := choosePassword(c.PasswordStdin)
		if err != nil {
			return err
		}
		kind := identity.KindUser
		if c.Operator {
			kind = identity.KindOperator
		}
		if err := admin.ResetPassword(s, a, kind, c.Email, password); err != nil {
			return err
		}
		s.printf("The password of %s %s was set; all sessions have ended.\n", kind, c.Email)
		if drawn {
			s.printf("Password: %s\n", password)
		}
		return nil
	})
}

type setupLinkCommand struct {
	app.Config `embed:""`
}

// Run prints the link.
func (c *setupLinkCommand) Run(s shell) error {
	if c.PublicURL == "" {
		c.PublicURL = "http://127.0.0.1:8080"
	}
	return withApp(s, c.Config, func(a *app.App) error {
		link, ok, err := a.SetupLink(s)
		if err == nil && !ok {
			err = errors.New("there is an operator already: use jishi admin create-operator or reset-password")
		}
		if err == nil {
			s.printf("%s\n", link)
		}
		return err
	})
}

// withApp opens an installation as it is, also beside a running node.
func withApp(s shell, c app.Config, use func(*app.App) error) error {
	c.KeepSchema, c.SharedFiles = true, true
	a, err := app.Open(s, c, s.log)
	if err != nil {
		return err
	}
	defer a.Close()
	return use(a)
}

func choosePassword(fromStdin bool) (password string, drawn bool, err error) {
	if !fromStdin {
		return admin.NewPassword(), true, nil
	}
	text, err := io.ReadAll(io.LimitReader(os.Stdin, 4096))
	return strings.TrimRight(string(text), "\r\n"), false, err
}

type isvCommand struct {
	Listen        string        `help:"Address and port to serve on (127.0.0.1:8090)." default:"127.0.0.1:8090" placeholder:"HOST:PORT" env:"JISHI_ISV_LISTEN"`
	Data          string        `help:"Folder of the application." default:"isv-data" type:"path" env:"JISHI_ISV_DATA"`
	V1Key         string        `name:"v1-key" help:"Access key of the V1 interface, as the seller's page shows it." env:"JISHI_ISV_V1_KEY"`
	V2Key         string        `name:"v2-key" help:"Access key of the V2 interface." env:"JISHI_ISV_V2_KEY"`
	GeneralKey    string        `help:"Access key of the general interfaces, which signs order notices." env:"JISHI_ISV_GENERAL_KEY"`
	Market        string        `help:"Address of the marketplace, to read with --ak and --sk what V2 orders bought." placeholder:"URL" env:"JISHI_ISV_MARKET"`
	AK            string        `name:"ak" help:"Access key of the open API." env:"JISHI_ISV_AK"`
	SK            string        `name:"sk" help:"Secret key of the open API." env:"JISHI_ISV_SK"`
	Name          string        `help:"Name shown on the pages." default:"Sample Board" env:"JISHI_ISV_NAME"`
	PublicURL     string        `help:"Address that buyers and the marketplace use; empty: derived from --listen." placeholder:"URL" env:"JISHI_ISV_PUBLIC_URL"`
	AdminPassword string        `help:"Password of /admin; empty: a random one, kept in the folder." env:"JISHI_ISV_ADMIN_PASSWORD"`
	ReadyAfter    time.Duration `help:"How long provisioning takes; above zero V2 orders are delivered asynchronously." default:"0s" env:"JISHI_ISV_READY_AFTER"`
	FailFirst     int           `help:"Fail the first calls, to watch a marketplace try again." env:"JISHI_ISV_FAIL_FIRST"`
	FailAlways    bool          `help:"Fail every call." env:"JISHI_ISV_FAIL_ALWAYS"`
	FailActivity  string        `help:"Fail calls of this activity only, for example newInstance." env:"JISHI_ISV_FAIL_ACTIVITY"`
	FailCode      string        `help:"Result code of failures." default:"000005" env:"JISHI_ISV_FAIL_CODE"`
	FailAfterWork bool          `help:"Let newInstance do its work before it fails: the instance exists, the marketplace does not know it." env:"JISHI_ISV_FAIL_AFTER_WORK"`
	FailDelay     time.Duration `help:"Answer so much later." default:"0s" env:"JISHI_ISV_FAIL_DELAY"`
}

// Run serves until a signal asks to stop.
func (c *isvCommand) Run(s shell) error {
	if c.V1Key == "" && c.V2Key == "" {
		return errors.New("the application needs the key that the seller's page shows: --v1-key KEY, --v2-key KEY or both")
	}
	var orders *isv.Client
	if c.Market != "" || c.AK != "" || c.SK != "" {
		if c.Market == "" || c.AK == "" || c.SK == "" {
			return errors.New("--market, --ak and --sk belong together")
		}
		orders = &isv.Client{Endpoint: c.Market, AK: c.AK, SK: c.SK}
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	a, err := isvapp.New(isvapp.Config{Listener: listener, Data: c.Data, V1Key: c.V1Key, V2Key: c.V2Key, GeneralKey: c.GeneralKey, Name: c.Name,
		PublicURL: c.PublicURL, AdminPassword: c.AdminPassword, ReadyAfter: c.ReadyAfter, Orders: orders, Logger: s.log,
		Faults: isvapp.Faults{Activity: saas.Activity(c.FailActivity), FailFirst: c.FailFirst, Always: c.FailAlways, Code: c.FailCode, Delay: c.FailDelay, AfterWork: c.FailAfterWork}})
	if err != nil {
		listener.Close()
		return err
	}
	address := c.PublicURL
	if address == "" {
		address = "http://" + listener.Addr().String()
	}
	s.printf("Production address: %s%s\nAdministration: %s/admin, password %s\n", address, isvapp.ProductionPath, address, a.AdminPassword())
	return a.Run(s)
}
