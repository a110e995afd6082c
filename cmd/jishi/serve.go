package main

import (
	"fmt"

	"jishi/internal/app"
)

type serveCommand struct {
	app.Config    `embed:""`
	app.Listening `embed:""`
}

// Run serves until a signal asks to stop.
func (c *serveCommand) Run(s shell) error {
	listener, err := c.Bind()
	if err != nil {
		return err
	}
	defer listener.Close()
	address := c.PublicURL
	if address == "" {
		address = c.Address(listener.Addr())
		c.PublicURL = address
	}
	a, err := app.Open(s, c.Config, s.log)
	if err != nil {
		return err
	}
	defer a.Close()
	notice, err := a.FirstStart(s)
	if err != nil {
		return err
	}
	return a.Serve(s, listener, c.Listening, func() {
		s.printf("Jishi %s serves %s\n", app.VersionText(), address)
		if notice != "" {
			s.printf("\n%s\n\n", notice)
		}
	})
}

type migrateCommand struct {
	app.Storage `embed:""`
}

// Run migrates and tells the versions.
func (c *migrateCommand) Run(s shell) error {
	d, err := app.OpenDatabase(s, c.Storage, s.log, false)
	if err != nil {
		return err
	}
	defer d.Close()
	before, after, err := app.Migrate(s, d)
	if err != nil {
		return err
	}
	if before == after {
		s.printf("The schema is at version %d already.\n", after)
	} else {
		s.printf("The schema is at version %d now, it was at %d.\n", after, before)
	}
	return nil
}

type openapiCommand struct{}

// Run prints the document.
func (c *openapiCommand) Run(s shell) error {
	document, err := app.OpenAPI()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.out, "%s\n", document)
	return err
}
